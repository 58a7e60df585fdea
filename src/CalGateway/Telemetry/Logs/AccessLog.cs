using CalGateway.Journey;

namespace CalGateway.Telemetry.Logs;

/// <summary>Writes one line for each request if the settings ask for it: the caller, the request without its query, and the outcome.</summary>
internal sealed partial class AccessLog(TimeProvider clock, ILogger<AccessLog> logger)
{
    private const int MaxPathLength = 200;
    private const string None = "-";

    public void Write(GatewayCall call, HttpContext context)
    {
        if (!call.AtStart.Part<LogOptions>()!.Access.Enabled)
            return;

        Log.Answered(
            logger, HttpConventions.Method(context.Request.Method), PathOf(context.Request, call), context.Response.StatusCode,
            Math.Round(clock.GetElapsedTime(call.StartedAt).TotalMilliseconds, 2),
            call.Plan?.RouteId ?? None, call.SentApiVersion ?? None, SpanTags.NameOf(call.Cache) ?? None, call.ProblemCode ?? None,
            call.Caller?.Name ?? None, call.TraceId);
    }

    /// <summary>The path without keys, which callers put into paths by mistake, and without line breaks, with which a caller could forge a line.</summary>
    private static string PathOf(HttpRequest request, GatewayCall call) =>
        request.Path.Value is { Length: > 0 } path ? call.KeyToRedact.Clean(path, MaxPathLength) : None;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "{Method} {Path} {Status} {Milliseconds} ms route={Route} version={Version} cache={Cache} problem={Problem} consumer={Consumer} trace={TraceId}")]
        public static partial void Answered(
            ILogger logger, string method, string path, int status, double milliseconds, string route, string version, string cache, string problem,
            string consumer, string traceId);
    }
}
