using System.Diagnostics;
using CalGateway.Journey.Callers;
using OpenTelemetry;

namespace CalGateway.Telemetry;

/// <summary>Removes keys from the addresses in spans: callers put keys into paths by mistake, and the framework records a path as it came.</summary>
/// <param name="credentials">The keys of all accounts of the gateway. They need not look like keys of Cal.com's.</param>
internal sealed class AddressRedaction(Func<IEnumerable<Credential>> credentials) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        Redact(data, "url.path");
        Redact(data, "url.full");
    }

    private void Redact(Activity span, string tag)
    {
        if (span.GetTagItem(tag) is not string address)
            return;

        var clean = credentials().Aggregate(address, (text, credential) => credential.Current.WithoutSecrets(text));
        if (clean != address)
            span.SetTag(tag, clean);
    }
}
