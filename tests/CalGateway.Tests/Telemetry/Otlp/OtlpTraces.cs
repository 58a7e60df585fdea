namespace CalGateway.Tests.Telemetry.Otlp;

/// <summary>A span as it was exported. Ids are in hex, "" where there is none.</summary>
internal sealed record OtlpSpan
{
    public required string Scope { get; init; }

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public required string ParentId { get; init; }

    public required string Name { get; init; }

    /// <summary>1 internal, 2 server, 3 client.</summary>
    public required int Kind { get; init; }

    /// <summary>2 is an error.</summary>
    public required int Status { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public required IReadOnlyList<(string TraceId, string SpanId)> Links { get; init; }

    public required IReadOnlyDictionary<string, string> Resource { get; init; }
}

/// <summary>The field numbers of opentelemetry/proto/trace/v1/trace.proto and common.proto.</summary>
internal static class OtlpTraces
{
    /// <param name="request">An ExportTraceServiceRequest.</param>
    public static IEnumerable<OtlpSpan> Decode(byte[] request) =>
        from resourceSpans in ProtobufMessage.Parse(request).Messages(1)
        let resource = Tags(resourceSpans.Message(1), 1)
        from scopeSpans in resourceSpans.Messages(2)
        let scope = scopeSpans.Message(1).Text(1)
        from span in scopeSpans.Messages(2)
        select new OtlpSpan
        {
            Scope = scope,
            TraceId = Convert.ToHexStringLower(span.Bytes(1)),
            SpanId = Convert.ToHexStringLower(span.Bytes(2)),
            ParentId = Convert.ToHexStringLower(span.Bytes(4)),
            Name = span.Text(5),
            Kind = (int)span.Number(6),
            Status = (int)span.Message(15).Number(3),
            Tags = Tags(span, 9),
            Links = [.. span.Messages(13).Select(link => (Convert.ToHexStringLower(link.Bytes(1)), Convert.ToHexStringLower(link.Bytes(2))))],
            Resource = resource,
        };

    public static IReadOnlyDictionary<string, string> Tags(ProtobufMessage message, int field) =>
        message.Messages(field).ToDictionary(pair => pair.Text(1), pair => Value(pair.Message(2)));

    private static string Value(ProtobufMessage value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
        : value.Has(3) ? ((long)value.Number(3)).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : value.Has(4) ? BitConverter.UInt64BitsToDouble(value.Number(4)).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : "";
}
