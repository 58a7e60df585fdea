using CalGateway.CalCom.Connections;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// For a route whose transforms set headers that HttpClient counts as the body's, such as <c>Content-Type</c>: a request without a body is sent with an
/// empty one, as YARP does, since the headers would be lost with it. The price is that HttpClient does not repeat such a read on a fresh connection.
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

    /// <summary>HttpClient itself tells: it takes each name either with the request or with the body.</summary>
    private static bool IsOfBody(string name)
    {
        using var body = new ByteArrayContent([]);
        return body.Headers.TryAddWithoutValidation(name, "") && IsOfNoRequest(name);
    }

    private static bool IsOfNoRequest(string name)
    {
        using var request = new HttpRequestMessage();
        return !request.Headers.TryAddWithoutValidation(name, "");
    }
}
