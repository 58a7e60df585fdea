using System.Diagnostics.Metrics;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Protection;

/// <summary>
/// The measurements of <c>calgateway.upstream.circuit.state</c>: the state of each circuit by credential and destination. Callers' own tokens have no name, and
/// are left out.
/// </summary>
internal static class CircuitReadings
{
    /// <param name="own">The gateway's own credential.</param>
    /// <param name="revision">The current revision. Destinations that it does not name are left out, and a circuit that it switches off is measured as closed.</param>
    public static IEnumerable<Measurement<int>> Of(Credential own, Revision revision, UpstreamLanes lanes) =>
        from account in CredentialNames.Of(own, revision.Get<OtherAccounts>().ByName)
        from lane in lanes.InUse(account.Key, revision)
        let destination = new Uri(lane.Destination)
        select new Measurement<int>(
            (int)(revision.Get<UpstreamOptions>().Circuit.Enabled ? lane.Circuit.State : CircuitState.Closed), new("calgateway.credential", account.Name), new("server.address", destination.IdnHost), new("server.port", destination.Port));
}
