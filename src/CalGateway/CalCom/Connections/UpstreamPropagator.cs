using System.Diagnostics;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Connections;

/// <summary>
/// Keeps trace ids from Cal.com, which is a third party, unless the settings say otherwise. Baggage, which may hold anything that callers put there, is never sent.
/// This is also the one place where HttpClient gives the span of a request together with the request, so tags of the client span are set here.
/// </summary>
/// <param name="sendsTraceIds">Whether trace ids are sent to Cal.com.</param>
internal sealed class UpstreamPropagator(Func<bool> sendsTraceIds) : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => W3C.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is { Kind: ActivityKind.Client, IsAllDataRequested: true } && carrier is HttpRequestMessage request)
            Describe(activity, request);

        if (!sendsTraceIds() || setter is null)
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
