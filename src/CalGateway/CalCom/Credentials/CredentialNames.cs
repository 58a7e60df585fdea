using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>How metrics and reports call the credentials: by names, and by nothing of the keys.</summary>
internal static class CredentialNames
{
    private const string OwnName = "CALCOM_API_KEY";

    /// <summary>Requests without a key, which Cal.com counts by our address.</summary>
    private const string Unsigned = "none";

    /// <param name="own">The gateway's.</param>
    /// <param name="others">The other accounts' of the revision in force, by their names in the settings.</param>
    public static IEnumerable<(string Name, Signature? Key)> Of(Credential own, IReadOnlyDictionary<string, Credential> others) =>
        [(OwnName, own.Current), (Unsigned, null), .. others.Select(other => (other.Key, (Signature?)other.Value.Current))];
}
