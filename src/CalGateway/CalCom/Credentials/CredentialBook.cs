using System.Collections.Concurrent;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>
/// The keys that sign: the gateway's own, and those of other Cal.com accounts. One place, so that an edit of the settings finds the
/// same account again and whoever watches key files knows them all.
/// </summary>
internal sealed class CredentialBook
{
    private readonly IReadOnlyDictionary<string, string?> _environment;
    private readonly bool _areRead;
    private readonly ConcurrentDictionary<CredentialSource, Credential> _others = new();

    private CredentialBook(Credential own, IReadOnlyDictionary<string, string?> environment, bool areRead)
    {
        Own = own;
        _environment = environment;
        _areRead = areRead;
    }

    public Credential Own { get; }

    public IEnumerable<Credential> All => [Own, .. _others.Values];

    /// <summary>The other accounts' keys that come from files.</summary>
    public IEnumerable<KeyValuePair<CredentialSource, Credential>> OtherFiles => _others.Where(other => other.Key.Path is not null);

    public static CredentialBook Of(Credential own, IReadOnlyDictionary<string, string?> environment) => new(own, environment, areRead: true);

    /// <summary>For a check of the settings where no key is: whether one is there is not the settings' fault.</summary>
    public static CredentialBook Unread() => new(new Credential(""), new Dictionary<string, string?>(), areRead: false);

    /// <param name="variable">The environment variable that holds the key; null where a file does.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="Configuration.StartupException">The key cannot be read.</exception>
    public Credential Other(string? variable, string? file)
    {
        if (!_areRead)
            return Own;

        var source = CredentialSource.Other(variable, variable is null ? null : _environment.GetValueOrDefault(variable), file);
        return _others.GetOrAdd(source, missing => new Credential(missing.Read()));
    }
}
