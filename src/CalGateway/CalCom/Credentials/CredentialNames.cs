using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>The names of credentials in metrics and reports. Nothing of the keys is in them.</summary>
internal static class CredentialNames
{
    private const string OwnName = "CALCOM_API_KEY";

    /// <summary>For requests without a key, which Cal.com counts by our address.</summary>
    private const string Unsigned = "none";

    /// <param name="own">The gateway's own credential.</param>
    /// <param name="others">The credentials of other accounts in the current revision, by their names in the settings.</param>
    public static IEnumerable<(string Name, Signature? Key)> Of(Credential own, IReadOnlyDictionary<string, Credential> others) =>
        [(OwnName, own.Current), (Unsigned, null), .. others.Select(other => (other.Key, (Signature?)other.Value.Current))];
}
