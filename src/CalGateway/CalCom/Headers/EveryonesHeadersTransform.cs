using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Leaves in an answer that is asked for on behalf of all what may be said to all: nothing of one exchange alone and, of another cluster's answers, none
/// of what never passes from Cal.com. What a route's own transforms add afterwards is everybody's.
/// </summary>
internal sealed class EveryonesHeadersTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } answer && GatewayCall.Of(context.HttpContext).IsForEveryone)
            Reduce(context.HttpContext.Response.Headers, ResponseHygieneTransform.ListedIn(answer));
        return ValueTask.CompletedTask;
    }

    private static void Reduce(IHeaderDictionary headers, string? listed)
    {
        foreach (var name in headers.Keys.Where(name => OneExchange.Has(name) || ResponseHygieneTransform.IsDropped(name, listed)).ToList())
            headers.Remove(name);
    }
}
