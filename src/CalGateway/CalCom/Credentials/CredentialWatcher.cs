using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Journey.Callers;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Credentials;

/// <summary>Reads changed key files again, so that a rotated key is in use within two seconds. After a bad edit the last good key stays in use.</summary>
internal sealed partial class CredentialWatcher(
    CredentialSource source, CredentialBook book, TimeProvider clock, WatchMetrics metrics, ILogger<CredentialWatcher> logger) : BackgroundService
{
    private readonly Dictionary<CredentialSource, SettledContent> _looks = [];
    private readonly Dictionary<CredentialSource, string> _refused = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("credentials", clock, metrics, logger).EveryAsync(SettledContent.PollInterval, LookAtAll, stoppingToken);

    private void LookAtAll()
    {
        IEnumerable<KeyValuePair<CredentialSource, Credential>> own = source.Path is null ? [] : [KeyValuePair.Create(source, book.Own)];
        Watch.Each(own.Concat(book.OtherFiles), file => Look(file.Key, file.Value));
    }

    private void Look(CredentialSource file, Credential credential)
    {
        var (found, failure) = Read(file);
        if (!_looks.TryGetValue(file, out var looks))
            _looks[file] = looks = new SettledContent(clock);
        if (!looks.IsSettled(found?.Fingerprint ?? failure!))
            return; // the file may still be being written, and Cal.com would refuse half a key

        if (found is null)
            Refuse(file, failure!);
        else if (credential.Replace(found) | _refused.Remove(file))
            Log.Accepted(logger, file.Path!, found.Fingerprint);
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

    /// <summary>Logs a reason once, until the file changes.</summary>
    private void Refuse(CredentialSource file, string reason)
    {
        if (_refused.GetValueOrDefault(file) != reason)
            Log.Refused(logger, reason);
        _refused[file] = reason;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The credential in {Path} is in use, fingerprint {Fingerprint}")]
        public static partial void Accepted(ILogger logger, string path, string fingerprint);

        [LoggerMessage(LogLevel.Error, "The credential was not replaced, the last good one stays in use: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
