using System.Diagnostics;
using CalGateway.Configuration;

namespace CalGateway.CalCom.Connections;

/// <summary>
/// Our trace ends at our border: no ids go to a third party unless the settings say that Cal.com is none. Baggage, which holds whatever callers
/// put there, never goes.
/// </summary>
internal sealed class BorderPropagator(Revisions revisions) : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => W3C.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (!revisions.Current.Options.Upstream.TraceContext || setter is null)
            return;

        W3C.Inject(activity, carrier, (target, name, value) =>
        {
            if (name is "traceparent" or "tracestate")
                setter(target, name, value);
        });
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        W3C.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
