using CalGateway.Journey;
using CalGateway.Problems;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Access.Operations;

/// <summary>
/// The last request transform: checks that the method and path that are sent are those on which access was decided. If a transform of the file changed
/// them in a way that <see cref="Journey.Routes.ForwardedTarget"/> does not foresee, the request is refused, because no access rule was applied to it.
/// </summary>
internal sealed partial class ForwardedTargetCheck(ILogger<ForwardedTargetCheck> logger) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var request = context.HttpContext.Request;
        var plan = GatewayCall.Of(context.HttpContext).Plan!;
        var target = plan.Part<RouteAccess>()!.Target;
        var decided = target.Path(request);
        var sent = context.Path.HasValue ? context.Path.Value.AsSpan() : "/";
        if (sent.SequenceEqual(decided) && context.ProxyRequest.RequestUri is null
            && context.ProxyRequest.Method.Method.Equals(target.Method(request), StringComparison.OrdinalIgnoreCase))
        {
            return ValueTask.CompletedTask;
        }

        Log.Broken(logger, plan.RouteId);
        return new ValueTask(GatewayProblem
            .Of(ProblemTypes.InternalError, "A transform of this route changes method or path in a way that access cannot be decided about.",
                "Change paths with PathRemovePrefix, PathPrefix, PathSet or PathPattern only.")
            .WriteToAsync(context.HttpContext));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Route {Route} would have forwarded another method or path than access was decided about; nothing was sent")]
        public static partial void Broken(ILogger logger, string route);
    }
}
