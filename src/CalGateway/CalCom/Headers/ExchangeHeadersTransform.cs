using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Removes from an answer that is fetched for all callers the headers that describe one exchange only, and from other clusters' answers also those that are never
/// passed on from Cal.com. Headers that the route's own transforms add later are kept.
/// </summary>
internal sealed class ExchangeHeadersTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer || !GatewayCall.Of(context.HttpContext).IsFill)
            return ValueTask.CompletedTask;

        var headers = context.HttpContext.Response.Headers;
        var listed = ResponseHygieneTransform.ListedIn(answer);
        foreach (var name in headers.Keys.Where(name => ExchangeHeaders.Has(name) || ResponseHygieneTransform.IsDropped(name, listed)).ToList())
            headers.Remove(name);
        return ValueTask.CompletedTask;
    }
}
