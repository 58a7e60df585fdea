using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Adds <c>Retry-After</c> in seconds to every 429 and 503 of an upstream, and to other failures that have one. It may follow from the upstream's quota headers,
/// which are not passed on themselves.
/// </summary>
internal sealed class RetryAfterTransform(TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer || !UpstreamStatus.IsFailure((int)answer.StatusCode))
            return ValueTask.CompletedTask;

        var status = (int)answer.StatusCode;
        var said = RetryAfter.In(answer, clock.GetUtcNow());
        GatewayCall.Of(context.HttpContext).UpstreamRetryAfter = said;
        if (said is not null || RetryAfter.IsRequired(status))
            context.HttpContext.Response.Headers.RetryAfter = RetryAfter.Text(said ?? RetryAfter.DefaultFor(status));
        return ValueTask.CompletedTask;
    }
}
