using CalGateway.Configuration.Watching;
using CalGateway.Telemetry;

namespace CalGateway.CalCom;

/// <summary>Re-reads the key files, so that a rotated key is in use within two seconds. A bad file keeps the last good key.</summary>
internal sealed partial class CredentialWatcher(
    CredentialSource source, CredentialBook book, TimeProvider clock, GatewayMetrics metrics, ILogger<CredentialWatcher> logger) : BackgroundService
{
    private readonly Dictionary<CredentialSource, string> _refused = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("credentials", clock, metrics, logger).EveryAsync(ConfigurationWatcher.Interval, LookAtAll, stoppingToken);

    private void LookAtAll()
    {
        if (source.Path is not null)
            Look(source, book.Own);
        foreach (var (other, credential) in book.OtherFiles)
            Look(other, credential);
    }

    private void Look(CredentialSource file, Credential credential)
    {
        try
        {
            var replaced = credential.Replace(file.Read());
            if (_refused.Remove(file) || replaced)
                Log.Accepted(logger, file.Path!, credential.Current.Fingerprint);
        }
        catch (StartupException failure)
        {
            // Said once; it stays so until the file changes.
            if (_refused.GetValueOrDefault(file) != failure.Message)
                Log.Refused(logger, failure.Message);
            _refused[file] = failure.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The credential in {Path} is in use, fingerprint {Fingerprint}")]
        public static partial void Accepted(ILogger logger, string path, string fingerprint);

        [LoggerMessage(LogLevel.Error, "The credential was not replaced, the last good one stays in use: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
