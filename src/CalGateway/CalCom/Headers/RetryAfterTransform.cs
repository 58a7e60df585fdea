using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Every 429 and 503 of an upstream says when to ask again, in seconds and within reason; so does any other failure that says it. The upstream's own
/// headers of its quota, from which it may follow, are not passed on.
/// </summary>
internal sealed class RetryAfterTransform(TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } answer && UpstreamStatus.IsFailure((int)answer.StatusCode))
            Tell(context.HttpContext, answer);
        return ValueTask.CompletedTask;
    }

    private void Tell(HttpContext context, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var said = RetryAfter.SaidBy(answer, clock.GetUtcNow());
        GatewayCall.Of(context).UpstreamRetryAfter = said;
        if (said is not null || RetryAfter.IsOwed(status))
            context.Response.Headers.RetryAfter = RetryAfter.Text(said ?? RetryAfter.Usual(status));
    }
}
