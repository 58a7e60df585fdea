using System.Diagnostics;
using CalGateway.Journey;
using OpenTelemetry;

namespace CalGateway.Telemetry;

/// <summary>Callers put keys into paths by mistake, and the framework's spans tell a path as it came.</summary>
internal sealed class AddressRedaction(Credential own) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        Clean(data, "url.path");
        Clean(data, "url.full");
    }

    private void Clean(Activity span, string tag)
    {
        if (span.GetTagItem(tag) is not string address)
            return;

        var clean = own.Current.WithoutSecrets(address);
        if (clean != address)
            span.SetTag(tag, clean);
    }
}
