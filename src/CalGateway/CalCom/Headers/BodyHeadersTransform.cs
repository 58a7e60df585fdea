using CalGateway.CalCom.Connections;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// For routes whose transforms set headers that HttpClient attaches to the body, such as <c>Content-Type</c>: requests without a body keep the empty body that
/// YARP gives them, because the headers would be lost without it. HttpClient then does not repeat such a read on a new connection.
/// </summary>
internal sealed class BodyHeadersTransform : RequestTransform
{
    private static readonly string[] Setting = ["RequestHeader", "RequestHeaderRouteValue"];

    public static bool IsNeeded(RouteConfig route) =>
        route.Transforms?.Any(transform => Setting.Any(key => transform.GetValueOrDefault(key) is { } name && IsOfBody(name))) == true;

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Options.Set(SentOnceHandler.KeepsEmptyBody, true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Asks HttpClient: it accepts each name either among the headers of the request or among those of the body.</summary>
    private static bool IsOfBody(string name)
    {
        using var body = new ByteArrayContent([]);
        using var request = new HttpRequestMessage();
        return body.Headers.TryAddWithoutValidation(name, "") && !request.Headers.TryAddWithoutValidation(name, "");
    }
}
