using System.Globalization;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Logs;

/// <summary>One line for each request, where the settings want it: who asked what and what came of it, without its query.</summary>
internal sealed partial class AccessLog(TimeProvider clock, ILogger<AccessLog> logger)
{
    private const int LongestPath = 200;
    private const string None = "-";

    public void Write(GatewayCall call, HttpContext context)
    {
        var options = call.AtStart.Part<LogOptions>()!.Access;
        if (!options.Enabled)
            return;

        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status500InternalServerError && !IsChosen(call.TraceId, options.Percent))
            return;

        Log.Answered(
            logger, HttpWords.Method(context.Request.Method), PathOf(context.Request, call), status, Math.Round(clock.GetElapsedTime(call.StartedAt).TotalMilliseconds, 2),
            call.Plan?.RouteId ?? None, call.SentApiVersion ?? None, SpanTags.NameOf(call.Cache) ?? None, call.ProblemCode ?? None,
            call.Caller?.Name ?? None, call.TraceId);
    }

    /// <summary>By the trace id, so that several gateways tell of the same requests.</summary>
    public static bool IsChosen(string traceId, int percent) =>
        uint.Parse(traceId.AsSpan(traceId.Length - 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) < uint.MaxValue / 100.0 * percent
        || percent == 100;

    /// <summary>Callers put keys into paths by mistake, and line breaks on purpose.</summary>
    private static string PathOf(HttpRequest request, GatewayCall call) =>
        request.Path.Value is { Length: > 0 } path ? call.KeyToRedact.Clean(path, LongestPath) : None;

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
