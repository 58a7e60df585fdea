using CalGateway.Access.Callers;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.Access;

/// <summary>After routing: decides what the caller may reach, before a stored answer is looked up or anything is sent to Cal.com.</summary>
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

        // If an edit took effect between the two stages, the caller is identified again, by the rules of the revision that the route belongs to.
        return call.Caller is not null && ReferenceEquals(access.Plan, call.AtStart.Part<AccessPlan>())
            ? DecideAsync(context, access)
            : IdentifyAgainAsync(context, call, access);
    }

    /// <summary>On this route Authorization holds a token of Cal.com's. A key of the gateway in it is a mistake, and must not be sent to Cal.com.</summary>
    private Task DecideForTokenAsync(HttpContext context, GatewayCall call, RouteAccess access)
    {
        if (call.AcceptedCredential is not null)
            return AccessProblems.WithoutToken(CallersTokens.OurKey).WriteToAsync(context);

        call.Identify(access.Plan.DefaultCaller);
        return DecideAsync(context, access);
    }

    private async Task IdentifyAgainAsync(HttpContext context, GatewayCall call, RouteAccess access)
    {
        call.Identify(await access.Plan.IdentifyAsync(context, call));
        var refusal = access.Plan.Refusal(context) ?? (call.Caller is null ? access.Plan.Rejection(context, call) : null);
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
