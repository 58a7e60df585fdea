using System.Diagnostics.Metrics;
using CalGateway.CalCom.Admission;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Quota;

/// <summary>Counts the requests that wait for quota and those that are refused for lack of it.</summary>
internal sealed class QuotaMetrics(IMeterFactory meters)
{
    private static readonly string[] Classes = [.. Enum.GetNames<RequestClass>().Select(name => name.ToLowerInvariant())];

    private readonly Counter<long> _refused = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.upstream.quota.refused", "{request}", "Requests that were kept from Cal.com because its quota was needed for others or used up, by class and consumer.");

    private readonly Counter<long> _waited = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.upstream.quota.waited", "{request}", "Requests that waited for a window of the quota to end, by class and consumer.");

    public static string NameOf(RequestClass @class) => Classes[(int)@class];

    public void Refused(in UpstreamDemand demand) => Add(_refused, demand);

    public void Waited(in UpstreamDemand demand) => Add(_waited, demand);

    private static void Add(Counter<long> counter, in UpstreamDemand demand) =>
        counter.Add(1, new("class", NameOf(demand.Class)), new("consumer", demand.Consumer ?? "none"));
}
