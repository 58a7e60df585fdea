using System.Diagnostics;
using System.Globalization;
using CalGateway.Caching.Serving;
using CalGateway.Envelope;

namespace CalGateway.Telemetry;

/// <summary>What a request's server span says of its way through the gateway. No key, query string, body or person is in it.</summary>
internal static class SpanTags
{
    public static void Write(Activity activity, GatewayCall call, HttpContext context)
    {
        WriteConventions(activity, context);
        activity.SetTag("calgateway.revision", call.Revision);
        if (call.Plan is { } plan)
            activity.SetTag("calgateway.route", plan.RouteId);
        if (call.SentApiVersion is { } version)
            activity.SetTag("calcom.api_version", version);
        if (NameOf(call.Cache) is { } result)
            activity.SetTag("calgateway.cache.result", result);
        if (call.ProblemCode is { } code)
            activity.SetTag("calgateway.problem.code", code);
        if (call.IsLegacyShape)
            activity.SetTag("calgateway.shape", "legacy");
        if (call.UpstreamRequestId is { } id)
            activity.SetTag("calcom.request_id", id);
    }

    /// <summary>What the HTTP semantic conventions ask of a server span, and the framework sets only on its metrics.</summary>
    private static void WriteConventions(Activity activity, HttpContext context)
    {
        var status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        activity.SetTag("network.protocol.version", VersionOf(context.Request.Protocol));
        if (status >= StatusCodes.Status500InternalServerError)
            activity.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);

        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            activity.SetTag("http.route", route);
            activity.DisplayName = $"{context.Request.Method} {route}";
        }
    }

    private static string? VersionOf(string protocol) => protocol switch
    {
        _ when HttpProtocol.IsHttp11(protocol) => "1.1",
        _ when HttpProtocol.IsHttp2(protocol) => "2",
        _ when HttpProtocol.IsHttp3(protocol) => "3",
        _ when HttpProtocol.IsHttp10(protocol) => "1.0",
        _ => null,
    };

    /// <summary>As spans and metrics name it; null where the route has no cache.</summary>
    public static string? NameOf(CacheResult result) => result switch
    {
        CacheResult.Hit => "hit",
        CacheResult.Stale => "stale",
        CacheResult.Miss => "miss",
        CacheResult.Collapsed => "collapsed",
        CacheResult.Bypass => "bypass",
        _ => null,
    };
}
