using CalGateway.Configuration;

namespace CalGateway.CalCom;

/// <summary>Re-reads the key file, so that a rotated key is in use within two seconds. A bad file keeps the last good key.</summary>
internal sealed partial class CredentialWatcher(
    CredentialSource source, Credential credential, TimeProvider clock, ILogger<CredentialWatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (source.Path is null)
            return;

        string? refused = null;
        using var timer = new PeriodicTimer(ConfigurationWatcher.Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var replaced = credential.Replace(source.Read());
                if (replaced || refused is not null)
                    Log.Accepted(logger, source.Path, credential.Fingerprint);
                refused = null;
            }
            catch (StartupException failure) when (failure.Message == refused)
            {
                // Said already; it stays so until the file changes.
            }
            catch (StartupException failure)
            {
                refused = failure.Message;
                Log.Refused(logger, failure.Message);
            }
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
