using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Journey.Callers;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Credentials;

/// <summary>Reads changed key files again, so that a rotated key is in use within two seconds. After a bad edit the last good key stays in use.</summary>
internal sealed partial class CredentialWatcher(
    CredentialSource source, CredentialBook book, Revisions revisions, TimeProvider clock, WatchMetrics metrics, ILogger<CredentialWatcher> logger) : BackgroundService
{
    private Dictionary<Credential, WatchedFile> _watched = [];

    private IEnumerable<KeyValuePair<CredentialSource, Credential>> Files
    {
        get
        {
            var others = revisions.Current.Get<OtherAccounts>().Files;
            return source.Path is null ? others : others.Prepend(KeyValuePair.Create(source, book.Own));
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("credentials", clock, metrics, logger).EveryAsync(SettledContent.PollInterval, LookAtAll, stoppingToken);

    /// <summary>Forgets the files that the settings name no longer.</summary>
    private void LookAtAll()
    {
        _watched = Files.ToDictionary(file => file.Value, file => _watched.GetValueOrDefault(file.Value) ?? new WatchedFile(file.Key, file.Value, new SettledContent(clock)));
        Watch.Each(_watched.Values, Look);
    }

    private void Look(WatchedFile file)
    {
        var (found, failure) = Read(file.Source);
        if (!file.Content.IsSettled(found?.Fingerprint ?? failure!))
            return; // the file may still be being written, and Cal.com would refuse half a key

        if (found is null)
            Refuse(file, failure!);
        else
            Accept(file, found);
    }

    private static (Signature? Found, string? Failure) Read(CredentialSource file)
    {
        try
        {
            return (new Signature(file.Read()), null);
        }
        catch (StartupException failure)
        {
            return (null, failure.Message);
        }
    }

    private void Accept(WatchedFile file, Signature found)
    {
        if (file.Credential.Replace(found) | file.Refused is not null)
            Log.Accepted(logger, file.Source.Path!, found.Fingerprint);
        file.Refused = null;
    }

    /// <summary>Logs a reason once, until the file changes.</summary>
    private void Refuse(WatchedFile file, string reason)
    {
        if (file.Refused != reason)
            Log.Refused(logger, reason);
        file.Refused = reason;
    }

    private sealed record WatchedFile(CredentialSource Source, Credential Credential, SettledContent Content)
    {
        /// <summary>Why the file was refused; null where it is good.</summary>
        public string? Refused { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The credential in {Path} is in use, fingerprint {Fingerprint}")]
        public static partial void Accepted(ILogger logger, string path, string fingerprint);

        [LoggerMessage(LogLevel.Error, "The credential was not replaced, the last good one stays in use: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
