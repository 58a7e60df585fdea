using System.Diagnostics.Metrics;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Quota;

/// <summary>The gauges of the limit and of what is left of it, by the name of the credential. Nothing of the key is in them.</summary>
internal sealed class QuotaGauges
{
    private readonly CredentialBook _credentials;
    private readonly QuotaLimiter _quotas;
    private readonly Revisions _revisions;

    public QuotaGauges(IMeterFactory meters, CredentialBook credentials, QuotaLimiter quotas, Revisions revisions)
    {
        (_credentials, _quotas, _revisions) = (credentials, quotas, revisions);
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "calgateway.upstream.quota.limit", () => Read(state => state.Limit), "{request}", "Requests that Cal.com allows a credential in each window, as its last answer said.");
        meter.CreateObservableGauge(
            "calgateway.upstream.quota.remaining", () => Read(state => state.Left!.Value), "{request}",
            "Requests that Cal.com has left to a credential in the window that runs, as its last answer said, less what was sent since.");
    }

    private IEnumerable<Measurement<int>> Read(Func<QuotaState, int> value) =>
        from credential in CredentialNames.Of(_credentials.Own, _revisions.Current.Get<OtherAccounts>().ByName)
        let state = _quotas.Read(credential.Key)
        where state is { Left: not null }
        select new Measurement<int>(value(state), new KeyValuePair<string, object?>("calgateway.credential", credential.Name));
}
