using System.Diagnostics;
using System.Globalization;
using System.Text;
using CalGateway.Problems;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace CalGateway.Telemetry;

/// <summary>
/// Prints each trace as one block when its root span ends: one line for each span, indented below its parent, with the tags that matter.
/// OpenTelemetry's own console exporter writes about sixty lines for the same request.
/// </summary>
internal sealed class TraceConsoleExporter(ConsoleExporterOptions options) : ConsoleExporter<Activity>(options)
{
    /// <summary>When this many traces are unfinished, all of them are dropped: the root spans of some never end in this process.</summary>
    private const int MaxPending = 256;

    private const int MaxTextLength = 200;

    /// <summary>Not written: the line of the span says the same already, or the tag is of no use to a reader.</summary>
    private static readonly HashSet<string> Omitted =
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

    /// <summary>Children end before their parents, so the trace is complete when a span ends whose parent is not in this process.</summary>
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

    /// <summary>Health checks come every few seconds and would hide the other traces.</summary>
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
            if (!Omitted.Contains(key))
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

    /// <summary>Removes line breaks, with which a caller could forge a line of the log, and escape sequences, which could control the terminal.</summary>
    private static object? Clean(object? value) => value is string text ? Redaction.Clean(text, MaxTextLength) : value;
}
