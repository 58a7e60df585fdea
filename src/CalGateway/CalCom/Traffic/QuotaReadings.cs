using System.Diagnostics.Metrics;
using CalGateway.CalCom.Quota;
using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Traffic;

/// <summary>What is left of each credential's quota, where it is known: by the name of the credential, and nothing of the key.</summary>
internal static class QuotaReadings
{
    private const string OwnName = "CALCOM_API_KEY";

    /// <summary>Requests without a key, which Cal.com counts by our address.</summary>
    private const string Unsigned = "none";

    /// <param name="own">The gateway's.</param>
    /// <param name="others">The other accounts' of the revision in force, by their names in the settings.</param>
    /// <param name="quotas">What Cal.com has said.</param>
    public static IEnumerable<Measurement<int>> Of(Credential own, IReadOnlyDictionary<string, Credential> others, QuotaBook quotas)
    {
        IEnumerable<(string Name, Signature? Key)> all = [(OwnName, own.Current), (Unsigned, null), .. others.Select(other => (other.Key, other.Value.Current))];
        foreach (var (name, key) in all)
        {
            if (quotas.Left(key) is { } left)
                yield return new Measurement<int>(left, new KeyValuePair<string, object?>("calgateway.credential", name));
        }
    }
}
