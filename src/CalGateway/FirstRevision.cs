using CalGateway.Access;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Journey.Callers;

namespace CalGateway;

/// <summary>The revision that a start begins with, and what it is made from. It needs no host, so it is made beside it.</summary>
/// <param name="Credentials">The Cal.com accounts.</param>
/// <param name="Parts">What each folder adds to a revision.</param>
/// <param name="Factory">Makes the later revisions, too.</param>
/// <param name="Revisions">Has the first revision in force.</param>
internal sealed record FirstRevision(
    SettingsFile File, CredentialBook Credentials, IReadOnlyList<RevisionPart> Parts, RevisionFactory Factory, Revisions Revisions)
{
    /// <exception cref="StartupException">The settings or the credentials are refused; the message lists every reason.</exception>
    public static FirstRevision Of(Launch launch)
    {
        var credentials = CredentialBook.Of(new Credential(launch.Credential.Read()), launch.Environment);
        var parts = RevisionParts.Of(new AccessInputs(launch.Addresses, credentials), readsToken: true);
        var file = launch.SettingsFile;
        var factory = new RevisionFactory(file.Name, launch.Overlay, launch.Upstream?.Replacement, parts);
        return new FirstRevision(file, credentials, parts, factory, Revisions.StartingWith(file, factory));
    }
}
