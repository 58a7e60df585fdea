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
        if (context.ProxyResponse is { } answer && UpstreamStatus.IsFailure((int)answer.StatusCode))
            SetHeader(context.HttpContext, answer);
        return ValueTask.CompletedTask;
    }

    private void SetHeader(HttpContext context, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var said = RetryAfter.In(answer, clock.GetUtcNow());
        GatewayCall.Of(context).UpstreamRetryAfter = said;
        if (said is not null || RetryAfter.IsRequired(status))
            context.Response.Headers.RetryAfter = RetryAfter.Text(said ?? RetryAfter.DefaultFor(status));
    }
}
