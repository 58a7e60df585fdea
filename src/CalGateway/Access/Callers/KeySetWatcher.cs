using CalGateway.Configuration.Watching;
using CalGateway.Telemetry;

namespace CalGateway.Access.Callers;

/// <summary>
/// Re-reads the key sets of issuers from their files, so that tokens of a removed key are refused and those of a new one accepted. After a bad edit the last
/// good key set stays in use.
/// </summary>
internal sealed partial class KeySetWatcher(Issuers issuers, TimeProvider clock, WatchMetrics metrics, ILogger<KeySetWatcher> logger) : BackgroundService
{
    private readonly Dictionary<Issuer, SettledContent> _looks = [];
    private readonly Dictionary<Issuer, string> _refused = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("key sets", clock, metrics, logger).EveryAsync(SettledContent.PollInterval, PollAll, stoppingToken);

    private void PollAll() => Watch.Each(issuers.OfFiles, Poll);

    private void Poll(Issuer issuer)
    {
        if (!_looks.TryGetValue(issuer, out var looks))
            _looks[issuer] = looks = new SettledContent(clock);

        var keys = "";
        try
        {
            keys = issuer.ReadKeys();
            if (looks.IsSettled(keys) && (issuer.Replace(keys) | _refused.Remove(issuer)))
                Log.Accepted(logger, issuer.File!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Logged once, until the file changes.
            if ((keys.Length > 0 || looks.IsSettled(failure.Message)) && _refused.GetValueOrDefault(issuer) != failure.Message)
            {
                _refused[issuer] = failure.Message;
                Log.Refused(logger, issuer.File!, failure.Message);
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
