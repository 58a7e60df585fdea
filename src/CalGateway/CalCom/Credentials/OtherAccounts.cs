using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>The Cal.com accounts besides the gateway's own that a revision uses. Part of the revision's plan.</summary>
internal sealed class OtherAccounts
{
    private readonly Dictionary<string, Credential> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<CredentialSource, Credential> _bySource = [];

    /// <summary>By their names in the settings.</summary>
    public IReadOnlyDictionary<string, Credential> ByName => _byName;

    /// <summary>The keys that come from files.</summary>
    public IEnumerable<KeyValuePair<CredentialSource, Credential>> Files => _bySource.Where(account => account.Key.Path is not null);

    /// <summary>Adds an account while the revision is made.</summary>
    /// <param name="source">Where its key comes from; null where no key is read.</param>
    /// <param name="inForce">
    /// The accounts of the revision in force. Where one of them has the same source, its credential is taken over, because its file may just be being replaced
    /// and the last good key must stay in use. Any other source is read anew.
    /// </param>
    /// <exception cref="Configuration.StartupException">The key cannot be read.</exception>
    public Credential Add(string name, CredentialSource? source, CredentialBook book, OtherAccounts? inForce)
    {
        if (source is null)
            return _byName[name] = book.Own;

        if (!_bySource.TryGetValue(source, out var credential))
            _bySource[source] = credential = inForce?._bySource.GetValueOrDefault(source) ?? book.Read(source);
        return _byName[name] = credential;
    }
}
