using System.Diagnostics;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Connections;

/// <summary>
/// Our trace ends at our border: no ids go to a third party unless the settings say that Cal.com is none. Baggage, which holds whatever callers
/// put there, never goes. It is also where HttpClient shows the span of a request together with the request, so that the span is told the version here.
/// </summary>
/// <param name="isInside">Whether Cal.com is to be told of our traces.</param>
internal sealed class BorderPropagator(Func<bool> isInside) : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => W3C.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is { Kind: ActivityKind.Client, IsAllDataRequested: true } && carrier is HttpRequestMessage request)
            Describe(activity, request);

        if (!isInside() || setter is null)
            return;

        W3C.Inject(activity, carrier, (target, name, value) =>
        {
            if (name is "traceparent" or "tracestate")
                setter(target, name, value);
        });
    }

    private static void Describe(Activity activity, HttpRequestMessage request)
    {
        if (request.Headers.NonValidated.TryGetValues(ApiVersionPin.Header, out var version))
            activity.SetTag("calcom.api_version", version.ToString());
        if (activity.Parent?.GetTagItem(UpstreamTags.ResendCount) is { } count)
            activity.SetTag(UpstreamTags.ResendCount, count); // the span of the first attempt began before the parent had it
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        W3C.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
