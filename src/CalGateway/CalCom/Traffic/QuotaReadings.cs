using System.Diagnostics.Metrics;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Quota;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Traffic;

/// <summary>What is left of each credential's quota, where it is known: by the name of the credential, and nothing of the key.</summary>
internal static class QuotaReadings
{
    /// <param name="own">The gateway's.</param>
    /// <param name="others">The other accounts' of the revision in force, by their names in the settings.</param>
    /// <param name="quotas">What Cal.com has said.</param>
    public static IEnumerable<Measurement<int>> Of(Credential own, IReadOnlyDictionary<string, Credential> others, QuotaBook quotas)
    {
        foreach (var (name, key) in CredentialNames.Of(own, others))
        {
            if (quotas.Left(key) is { } left)
                yield return new Measurement<int>(left, new KeyValuePair<string, object?>("calgateway.credential", name));
        }
    }
}
