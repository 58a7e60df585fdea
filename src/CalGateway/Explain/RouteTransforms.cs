using CalGateway.CalCom.V1;
using CalGateway.Configuration.Settings;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Explain;

/// <summary>The transforms of a route in words.</summary>
internal static class RouteTransforms
{
    public static List<string> Of(RouteConfig route) =>
        [.. (route.Transforms ?? []).Select(transform => string.Join(", ", transform.Select(pair => $"{pair.Key} {new Setting(pair.Key, pair.Value, "").Shown}")))];

    /// <summary>The transforms of the file and of the gateway in the order of <see cref="ForwardingTransforms"/>; null where the gateway adds none.</summary>
    public static List<string>? InOrder(RouteConfig route)
    {
        if (!CalComCluster.IsTargetOf(route))
            return null;

        var ofFile = (route.Transforms ?? []).Zip(Of(route)).ToLookup(pair => StageOf(pair.First), pair => pair.Second);
        return
        [
            "request, gateway: the caller's headers that may travel; Accept-Encoding identity",
            .. ofFile[Stage.Request].Select(text => "request, file: " + text),
            .. ofFile[Stage.Signature].Select(text => $"request, last: {text}"),
            "response, gateway: without hop-by-hop headers, cookies and what only the gateway may say; Location; triage of what means something else",
            .. ofFile[Stage.Response].Select(text => "response, file: " + text),
            "response, last: CalGateway-*, X-Request-Id, Cache-Status, CORS",
        ];
    }

    private static Stage StageOf(IReadOnlyDictionary<string, string> transform)
    {
        if (transform.ContainsKey(ApiVersionPin.Key) || transform.ContainsKey(CalApiKeyQueryTransformFactory.Key))
            return Stage.Signature;

        return transform.Keys.Any(key => key.StartsWith("Response", StringComparison.OrdinalIgnoreCase) || key.Equals("CalNotFound", StringComparison.OrdinalIgnoreCase))
            ? Stage.Response
            : Stage.Request;
    }

    private enum Stage
    {
        Request,
        Signature,
        Response,
    }
}
