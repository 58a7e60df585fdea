namespace CalGateway.CalCom;

/// <summary><c>CalGateway:Upstream</c>.</summary>
internal sealed class UpstreamOptions
{
    /// <summary>
    /// Whether Cal.com is told the trace that a request belongs to (<c>traceparent</c>, <c>tracestate</c>): for a Cal.com of one's own. Baggage is
    /// never sent. The default is false.
    /// </summary>
    public bool TraceContext { get; set; }
}
