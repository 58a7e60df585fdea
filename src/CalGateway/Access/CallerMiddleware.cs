using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.CalCom.Quota;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.Access;

/// <summary>Before routing: decides who calls, so that the cache in front of routing knows which stored answers the caller may have.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, BudgetHeaders budgets)
{
    private static readonly PathString[] OpenPaths = ["/healthz", "/_gateway"];

    public Task InvokeAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        if (IsOpenPath(context.Request.Path))
            return next(context);

        var plan = call.AtStart.Part<AccessPlan>()!;
        if (plan.Refusal(context) is { } refusal)
            return refusal.WriteToAsync(context);
        if (CorsRules.IsPreflight(context.Request))
            return plan.Cors.AnswerPreflightAsync(context);

        var identified = plan.IdentifyAsync(context, call);
        return identified.IsCompletedSuccessfully ? ContinueAsync(context, call, plan, identified.Result) : WaitAndContinueAsync(context, call, plan, identified);
    }

    private async Task WaitAndContinueAsync(HttpContext context, GatewayCall call, AccessPlan plan, ValueTask<Caller?> identified) =>
        await ContinueAsync(context, call, plan, await identified);

    private Task ContinueAsync(HttpContext context, GatewayCall call, AccessPlan plan, Caller? caller)
    {
        // Authorization may hold a Cal.com token, which the route may ask for. Until then there is no caller, so that no stored answer is found.
        if (caller is null && plan.TakesCallersTokens && PresentedCredential.In(context.Request.Headers) is { IsAuthorization: true })
            return next(context);
        if (caller is null)
            return plan.Rejection(context, call).WriteToAsync(context);
        if (caller.Part<WindowLimiter>()?.Take() is { } wait)
            return RateLimiters.Refusal(wait, $"the consumer \"{caller.Name}\"").WriteToAsync(context);

        call.Identify(caller);
        budgets.Announce(call);
        return next(context);
    }

    private static bool IsOpenPath(PathString path)
    {
        foreach (var prefix in OpenPaths)
        {
            if (path.StartsWithSegments(prefix))
                return true;
        }

        return false;
    }
}
