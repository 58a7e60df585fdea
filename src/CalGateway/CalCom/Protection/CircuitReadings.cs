using System.Diagnostics.Metrics;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Protection;

/// <summary>The state of each credential's circuits, by the credential's name and the destination. Callers' own tokens have no names.</summary>
internal static class CircuitReadings
{
    /// <param name="own">The gateway's.</param>
    /// <param name="revision">The one in force: a destination that it does not name is not read, and switched off a circuit is closed.</param>
    /// <param name="lanes">Those there are.</param>
    public static IEnumerable<Measurement<int>> Of(Credential own, Revision revision, UpstreamLanes lanes) =>
        from account in CredentialNames.Of(own, revision.Get<OtherAccounts>().ByName)
        from lane in lanes.InUse(account.Key, revision)
        let destination = new Uri(lane.Destination)
        select new Measurement<int>(
            (int)(revision.Get<UpstreamOptions>().Circuit.Enabled ? lane.Circuit.State : CircuitState.Closed), new("calgateway.credential", account.Name), new("server.address", destination.IdnHost), new("server.port", destination.Port));
}
