using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.Access;

/// <summary>Who calls. Comes before routing, so that a cache in front of it knows for whom an answer may be used.</summary>
internal sealed class CallerMiddleware(RequestDelegate next)
{
    private static readonly PathString[] ForEverybody = ["/healthz", "/_gateway"];

    public Task InvokeAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        if (IsForEverybody(context.Request.Path))
            return next(context);

        var plan = call.AtStart.Part<AccessPlan>()!;
        if (plan.Refusal(context) is { } refusal)
            return refusal.WriteToAsync(context);
        if (CorsRules.IsPreflight(context.Request))
            return plan.Cors.AnswerPreflightAsync(context);

        var identified = plan.IdentifyAsync(context, call);
        return identified.IsCompletedSuccessfully ? GoOnAsync(context, call, plan, identified.Result) : LaterAsync(context, call, plan, identified);
    }

    private async Task LaterAsync(HttpContext context, GatewayCall call, AccessPlan plan, ValueTask<Caller?> identified) =>
        await GoOnAsync(context, call, plan, await identified);

    private Task GoOnAsync(HttpContext context, GatewayCall call, AccessPlan plan, Caller? caller)
    {
        // It may be Cal.com's token; only the route says whether one is asked for. Nothing that is stored is found without a caller.
        if (caller is null && plan.TakesCallersTokens && PresentedCredential.In(context.Request.Headers) is { IsAuthorization: true })
            return next(context);
        if (caller is null)
            return (plan.Keys.IsOutOfTrials(call.Started) ? AccessProblems.NotTried(plan) : AccessProblems.Rejected(plan)).WriteToAsync(context);
        if (caller.Part<WindowLimiter>()?.Take() is { } wait)
            return RateLimiters.Refusal(wait, $"the consumer \"{caller.Name}\"").WriteToAsync(context);

        call.Identify(caller);
        return next(context);
    }

    private static bool IsForEverybody(PathString path)
    {
        foreach (var prefix in ForEverybody)
        {
            if (path.StartsWithSegments(prefix))
                return true;
        }

        return false;
    }
}
