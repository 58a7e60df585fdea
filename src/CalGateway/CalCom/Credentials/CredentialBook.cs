using System.Collections.Concurrent;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>
/// All keys that can sign: the gateway's own, and those of other Cal.com accounts. After an edit of the settings the same source gives the same
/// <see cref="Credential"/>, and the watcher of key files finds all of them here.
/// </summary>
internal sealed class CredentialBook(Credential own, IReadOnlyDictionary<string, string?> environment, bool areRead)
{
    private readonly ConcurrentDictionary<CredentialSource, Credential> _others = new();

    public Credential Own => own;

    public IEnumerable<Credential> All => [Own, .. _others.Values];

    /// <summary>The keys of other accounts that come from files.</summary>
    public IEnumerable<KeyValuePair<CredentialSource, Credential>> OtherFiles => _others.Where(other => other.Key.Path is not null);

    public static CredentialBook Of(Credential own, IReadOnlyDictionary<string, string?> environment) => new(own, environment, areRead: true);

    /// <summary>For <c>check</c>, which examines settings on machines that need not have the keys: no key is read.</summary>
    public static CredentialBook Unread() => new(new Credential(""), new Dictionary<string, string?>(), areRead: false);

    /// <param name="variable">The name of the environment variable that holds the key; null if a file holds it.</param>
    /// <param name="file">The path of the file that holds the key; null if a variable holds it.</param>
    /// <exception cref="Configuration.StartupException">The key cannot be read.</exception>
    public Credential Other(string? variable, string? file)
    {
        if (!areRead)
            return Own;

        var source = CredentialSource.Other(variable, variable is null ? null : environment.GetValueOrDefault(variable), file);
        return _others.GetOrAdd(source, missing => new Credential(missing.Read()));
    }
}
