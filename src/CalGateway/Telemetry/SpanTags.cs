using System.Diagnostics;
using System.Globalization;
using CalGateway.Journey;

namespace CalGateway.Telemetry;

/// <summary>Writes the tags of a request's server span. They hold no key, query string, body or personal datum.</summary>
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

    /// <summary>
    /// Writes the tags that the HTTP semantic conventions require of a server span. Those of the framework are switched off in the project file, because it
    /// sets them at the start of every request, even if the span is not recorded.
    /// </summary>
    private static void WriteConventions(Activity activity, HttpContext context)
    {
        WriteRequest(activity, context.Request);
        var status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
            activity.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);

        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            activity.SetTag("http.route", route);
            activity.DisplayName = $"{HttpConventions.Method(context.Request.Method)} {route}";
        }
        else
        {
            activity.DisplayName = HttpConventions.Method(context.Request.Method);
        }
    }

    private static void WriteRequest(Activity activity, HttpRequest request)
    {
        var method = HttpConventions.Method(request.Method);
        activity.SetTag("http.request.method", method);
        if (method != request.Method)
            activity.SetTag("http.request.method_original", request.Method);
        activity.SetTag("url.scheme", request.Scheme);
        activity.SetTag("url.path", request.PathBase.Add(request.Path).Value);
        activity.SetTag("network.protocol.version", HttpConventions.Version(request.Protocol));
        if (request.Host.HasValue)
            activity.SetTag("server.address", request.Host.Host);
        if (request.Host.Port is { } port)
            activity.SetTag("server.port", port);
        if (request.Headers.UserAgent is [{ Length: > 0 } agent, ..])
            activity.SetTag("user_agent.original", agent);
    }

    /// <summary>The result's name in spans, metrics and logs; null if the route has no cache.</summary>
    public static string? NameOf(CacheResult result) => result switch
    {
        CacheResult.Hit => "hit",
        CacheResult.Stale => "stale",
        CacheResult.Miss => "miss",
        CacheResult.Collapsed => "collapsed",
        CacheResult.Remembered => "remembered",
        CacheResult.Bypass => "bypass",
        _ => null,
    };
}
