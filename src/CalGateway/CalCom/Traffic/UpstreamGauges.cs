using System.Diagnostics.Metrics;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Traffic;

/// <summary>
/// The gauges of quota and circuit, by the name of the credential. Nothing of a key is in them. Callers' own tokens have no name and are left out.
/// </summary>
internal sealed class UpstreamGauges
{
    private readonly CredentialBook _credentials;
    private readonly QuotaLimiter _quotas;
    private readonly UpstreamLanes _lanes;
    private readonly Revisions _revisions;

    public UpstreamGauges(IMeterFactory meters, CredentialBook credentials, QuotaLimiter quotas, UpstreamLanes lanes, Revisions revisions)
    {
        (_credentials, _quotas, _lanes, _revisions) = (credentials, quotas, lanes, revisions);
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "calgateway.upstream.quota.limit", () => Quota(state => state.Limit), "{request}", "Requests that Cal.com allows a credential in each window, as its last answer said.");
        meter.CreateObservableGauge(
            "calgateway.upstream.quota.remaining", () => Quota(state => state.Left!.Value), "{request}",
            "Requests that Cal.com has left to a credential in the window that runs, as its last answer said, less what was sent since.");
        meter.CreateObservableGauge(
            "calgateway.upstream.circuit.state", () => Circuits(revisions.Current), null,
            "Whether requests pass to Cal.com: 0 they do (closed), 1 nothing is sent (open), 2 one request tries whether it is back (half open).");
    }

    private IEnumerable<Measurement<int>> Quota(Func<QuotaState, int> value) =>
        from account in Accounts(_revisions.Current)
        let state = _quotas.Read(account.Key)
        where state is { Left: not null }
        select new Measurement<int>(value(state), new KeyValuePair<string, object?>("calgateway.credential", account.Name));

    /// <summary>Destinations that the revision does not name are left out, and a circuit that it switches off is measured as closed.</summary>
    private IEnumerable<Measurement<int>> Circuits(Revision revision) =>
        from account in Accounts(revision)
        from lane in _lanes.InUse(account.Key, revision)
        let destination = new Uri(lane.Destination)
        let state = revision.Get<UpstreamOptions>().Circuit.Enabled ? lane.Circuit.State : CircuitState.Closed
        select new Measurement<int>(
            (int)state, new("calgateway.credential", account.Name), new("server.address", destination.IdnHost), new("server.port", destination.Port));

    /// <summary>Requests without a key, which Cal.com counts by our address, have the name <c>none</c>.</summary>
    private IEnumerable<(string Name, Signature? Key)> Accounts(Revision revision) =>
    [
        ("CALCOM_API_KEY", _credentials.Own.Current), ("none", null),
        .. revision.Get<OtherAccounts>().ByName.Select(other => (other.Key, (Signature?)other.Value.Current)),
    ];
}
