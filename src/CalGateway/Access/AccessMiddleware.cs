using CalGateway.Access.Callers;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.Access;

/// <summary>What may be reached. Nothing has been sent to Cal.com yet, and no stored answer has been looked for on this route.</summary>
internal sealed class AccessMiddleware(RequestDelegate next)
{
    private const string Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public Task InvokeAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        if (call.Plan?.Part<RouteAccess>() is not { } access)
            return next(context);

        if (call.Plan.Body.Refusal(context) is { } tooLarge)
            return tooLarge.WriteToAsync(context);
        if (access.TakesCallersTokens && PresentedCredential.In(context.Request.Headers) is not { IsAuthorization: false })
            return DecideForTokenAsync(context, call, access);

        // An edit has come between: the caller is looked at again, by the rules of the revision that the route belongs to.
        return call.Caller is not null && ReferenceEquals(access.Plan, call.AtStart.Part<AccessPlan>())
            ? DecideAsync(context, access)
            : AgainAsync(context, call, access);
    }

    /// <summary>Authorization is Cal.com's here. A key of the gateway's in it is a mistake, and is not sent on.</summary>
    private Task DecideForTokenAsync(HttpContext context, GatewayCall call, RouteAccess access)
    {
        if (call.AcceptedCredential is not null)
            return AccessProblems.WithoutToken(CallersTokens.OurKey).WriteToAsync(context);

        call.Identify(access.Plan.Nobody);
        return DecideAsync(context, access);
    }

    private async Task AgainAsync(HttpContext context, GatewayCall call, RouteAccess access)
    {
        call.Identify(await access.Plan.IdentifyAsync(context, call));
        var refusal = access.Plan.Refusal(context) ?? (call.Caller is null ? AccessProblems.Rejected(access.Plan) : null);
        await (refusal?.WriteToAsync(context) ?? DecideAsync(context, access));
    }

    private Task DecideAsync(HttpContext context, RouteAccess access)
    {
        if (access.AnswersItself(context.Request))
            return AnswerOptions(context.Response);
        if (access.Refusal(context) is { } refusal)
            return refusal.WriteToAsync(context);

        access.Plan.RemoveCredential(context.Request.Headers, GatewayCall.Of(context));
        return next(context);
    }

    private static Task AnswerOptions(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Allow = Allow;
        return Task.CompletedTask;
    }
}
