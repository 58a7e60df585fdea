namespace CalGateway.Tests.Telemetry.Otlp;

/// <summary>One point of a sum or a histogram as it was exported.</summary>
/// <param name="Name">The instrument's.</param>
/// <param name="Unit">The instrument's.</param>
/// <param name="Tags">The point's.</param>
/// <param name="Count">Of a histogram how many values, of a sum its value where that is whole.</param>
/// <param name="ExemplarTraces">The traces that its exemplars are from.</param>
internal sealed record OtlpPoint(string Name, string Unit, IReadOnlyDictionary<string, string> Tags, ulong Count, IReadOnlyList<string> ExemplarTraces);

/// <summary>The field numbers of opentelemetry/proto/metrics/v1/metrics.proto.</summary>
internal static class OtlpMetrics
{
    /// <param name="request">An ExportMetricsServiceRequest.</param>
    public static IEnumerable<OtlpPoint> Decode(byte[] request) =>
        from resourceMetrics in ProtobufMessage.Parse(request).Messages(1)
        from scopeMetrics in resourceMetrics.Messages(2)
        from metric in scopeMetrics.Messages(2)
        from point in Points(metric)
        select point;

    private static IEnumerable<OtlpPoint> Points(ProtobufMessage metric)
    {
        var (name, unit) = (metric.Text(1), metric.Text(3));
        foreach (var point in metric.Message(7).Messages(1))
            yield return new OtlpPoint(name, unit, OtlpTraces.Tags(point, 7), point.Number(6), Exemplars(point, 5));
        foreach (var point in metric.Message(9).Messages(1))
            yield return new OtlpPoint(name, unit, OtlpTraces.Tags(point, 9), point.Number(4), Exemplars(point, 8));
    }

    private static List<string> Exemplars(ProtobufMessage point, int field) =>
        [.. point.Messages(field).Select(exemplar => Convert.ToHexStringLower(exemplar.Bytes(5)))];
}
