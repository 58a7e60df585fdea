using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Telemetry;

namespace CalGateway.Access.Callers;

/// <summary>Re-reads the issuer's key set from its file, so that only its present keys count. After a bad edit the last good one stays in use.</summary>
internal sealed partial class KeySetWatcher(Revisions revisions, TimeProvider clock, WatchMetrics metrics, ILogger<KeySetWatcher> logger) : BackgroundService
{
    private Issuer? _watched;
    private SettledContent _content = new(clock);
    private string? _refused;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("key sets", clock, metrics, logger).EveryAsync(SettledContent.PollInterval, Poll, stoppingToken);

    private void Poll()
    {
        if (revisions.Current.Get<AccessPlan>().Tokens?.Issuer is not { File: { } file } issuer)
            return;

        if (issuer != _watched)
            (_watched, _content, _refused) = (issuer, new SettledContent(clock), null);

        var keys = "";
        try
        {
            keys = issuer.ReadKeys();
            if (!_content.IsSettled(keys))
                return;

            if (issuer.Replace(keys) | _refused is not null)
                Log.Accepted(logger, file);
            _refused = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Logged once, until the file changes.
            if ((keys.Length > 0 || _content.IsSettled(failure.Message)) && _refused != failure.Message)
            {
                _refused = failure.Message;
                Log.Refused(logger, file, failure.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The key set in {Path} is in use")]
        public static partial void Accepted(ILogger logger, string path);

        [LoggerMessage(LogLevel.Error, "The key set in {Path} was not replaced, the last good one stays in use: {Reason}")]
        public static partial void Refused(ILogger logger, string path, string reason);
    }
}
