using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Telemetry;

namespace CalGateway.Management.Tokens;

/// <summary>Reads the token file again, so that a changed token is in force within two seconds. A bad file leaves the last valid one in force.</summary>
internal sealed partial class TokenWatcher(Revisions revisions, TimeProvider clock, WatchMetrics metrics, ILogger<TokenWatcher> logger) : BackgroundService
{
    private TokenFile? _watched;
    private SettledContent _content = new(clock);
    private string? _refused;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("management token", clock, metrics, logger).EveryAsync(SettledContent.PollInterval, Poll, stoppingToken);

    private void Poll()
    {
        if (revisions.Current.Plan.Part<TokenFile>() is not { } file)
            return;
        if (file != _watched)
            (_watched, _content, _refused) = (file, new SettledContent(clock), null);

        var digest = StartupException.Try(file.ReadDigest, out var failure);
        if (!_content.IsSettled(failure ?? Convert.ToHexString(digest!)))
            return; // the file may still be being written; half of a token would refuse all operators

        if (digest is null)
            Refuse(failure!);
        else
            Accept(file, digest);
    }

    private void Accept(TokenFile file, byte[] digest)
    {
        if (file.Replace(digest) | _refused is not null)
            Log.Accepted(logger, TokenFile.Key);
        _refused = null;
    }

    /// <summary>Logs the reason once, until the file changes.</summary>
    private void Refuse(string reason)
    {
        if (_refused != reason)
            Log.Refused(logger, reason);
        _refused = reason;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The token in the file of {Setting} is in use")]
        public static partial void Accepted(ILogger logger, string setting);

        [LoggerMessage(LogLevel.Error, "The management token was not replaced, the last good one stays in use: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
