using System.Diagnostics.Metrics;
using CalGateway.CalCom.Credentials;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Protection;

/// <summary>The state of each credential's circuits, by the credential's name and the destination. Callers' own tokens have no names.</summary>
internal static class CircuitReadings
{
    /// <param name="own">The gateway's.</param>
    /// <param name="others">The other accounts' of the revision in force, by their names in the settings.</param>
    /// <param name="lanes">Those there are.</param>
    public static IEnumerable<Measurement<int>> Of(Credential own, IReadOnlyDictionary<string, Credential> others, UpstreamLanes lanes) =>
        from account in CredentialNames.Of(own, others)
        from lane in lanes.Of(account.Key)
        let destination = new Uri(lane.Destination)
        select new Measurement<int>(
            (int)lane.Circuit.State, new("calgateway.credential", account.Name), new("server.address", destination.IdnHost), new("server.port", destination.Port));
}
