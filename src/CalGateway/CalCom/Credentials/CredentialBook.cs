using System.Runtime.CompilerServices;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Credentials;

/// <summary>Reads the keys of other Cal.com accounts, and lists all keys that can sign: these and the gateway's own.</summary>
internal sealed class CredentialBook(Credential own, IReadOnlyDictionary<string, string?> environment, bool areRead)
{
    /// <summary>Holds a key as long as a revision or a request does.</summary>
    private readonly ConditionalWeakTable<Credential, CredentialSource> _others = [];

    public Credential Own => own;

    public IEnumerable<Credential> All => [Own, .. _others.Select(other => other.Key)];

    public static CredentialBook Of(Credential own, IReadOnlyDictionary<string, string?> environment) => new(own, environment, areRead: true);

    /// <summary>For <c>check</c>, which examines settings on machines that need not have the keys: no key is read.</summary>
    public static CredentialBook Unread() => new(new Credential(""), new Dictionary<string, string?>(), areRead: false);

    /// <param name="variable">The name of the environment variable that holds the key; null if a file holds it.</param>
    /// <param name="file">The path of the file that holds the key; null if a variable holds it.</param>
    /// <returns>Null where no key is read.</returns>
    public CredentialSource? SourceOf(string? variable, string? file) =>
        areRead ? CredentialSource.Other(variable, variable is null ? null : environment.GetValueOrDefault(variable), file) : null;

    /// <exception cref="Configuration.StartupException">The key cannot be read.</exception>
    public Credential Read(CredentialSource source)
    {
        var credential = new Credential(source.Read());
        _others.Add(credential, source);
        return credential;
    }
}
