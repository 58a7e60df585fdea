using System.Diagnostics;
using System.Globalization;
using System.Text;
using CalGateway.Problems;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace CalGateway.Telemetry;

/// <summary>
/// Prints each trace as one block when its first span ends: a line a span, indented by parent, with the tags that matter.
/// The stock exporter's form takes some sixty lines for the same request.
/// </summary>
internal sealed class TraceConsoleExporter(ConsoleExporterOptions options) : ConsoleExporter<Activity>(options)
{
    /// <summary>Traces whose first span never ends here are let go beyond this many.</summary>
    private const int MaxPending = 256;

    private const int LongestText = 200;

    /// <summary>Said by the span's own line, or of no use to a reader.</summary>
    private static readonly HashSet<string> Untold =
    [
        "http.request.method", "http.response.status_code", "url.path", "url.scheme", "url.full", "http.route", "network.protocol.version",
        "server.address", "server.port", "user_agent.original", "proxy.route_id", "proxy.cluster_id", "proxy.destination_id",
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<ActivityTraceId, List<Activity>> _pending = [];

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            if (Complete(span) is { } trace && !IsProbe(trace[^1]))
                WriteLine(Describe(trace));
        }

        return ExportResult.Success;
    }

    /// <summary>Children end first; the trace is whole when a span ends whose parent is not ours.</summary>
    private List<Activity>? Complete(Activity span)
    {
        lock (_lock)
        {
            if (!_pending.TryGetValue(span.TraceId, out var spans))
            {
                if (_pending.Count >= MaxPending)
                    _pending.Clear();
                _pending[span.TraceId] = spans = [];
            }

            spans.Add(span);
            if (span.ParentSpanId != default && !span.HasRemoteParent)
                return null;

            _pending.Remove(span.TraceId);
            return spans;
        }
    }

    /// <summary>Probes ask every other second, and would drown what somebody looks for here.</summary>
    private static bool IsProbe(Activity root) => root.GetTagItem("url.path") is string path && path.StartsWith("/healthz/", StringComparison.Ordinal);

    private static string Describe(List<Activity> spans)
    {
        var text = new StringBuilder();
        var root = spans[^1];
        text.Append("trace ").Append(root.TraceId.ToHexString());
        Append(text, root, spans, depth: 1);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Activity span, List<Activity> all, int depth)
    {
        text.Append('\n').Append(' ', depth * 2).Append(NameOf(span));
        text.Append(CultureInfo.InvariantCulture, $"  {span.Duration.TotalMilliseconds:0.0} ms");
        foreach (var (key, value) in span.TagObjects)
        {
            if (!Untold.Contains(key))
                text.Append("  ").Append(key).Append('=').Append(Clean(value));
        }

        foreach (var child in all.Where(other => other.ParentSpanId == span.SpanId).OrderBy(other => other.StartTimeUtc))
            Append(text, child, all, depth + 1);
    }

    private static string NameOf(Activity span)
    {
        var method = span.GetTagItem("http.request.method") ?? span.DisplayName;
        var target = span.Kind == ActivityKind.Client ? span.GetTagItem("url.full") : span.GetTagItem("url.path");
        return $"{span.Kind.ToString().ToLowerInvariant()}: {Clean(method)} {Clean(target)} {span.GetTagItem("http.response.status_code")}".TrimEnd();
    }

    /// <summary>A caller's line break would begin a line that looks like one of the log, and an escape rules the terminal.</summary>
    private static object? Clean(object? value) => value is string text ? Redaction.Clean(text, LongestText) : value;
}
