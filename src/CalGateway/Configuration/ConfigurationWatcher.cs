using System.Security.Cryptography;
using CalGateway.Telemetry;

namespace CalGateway.Configuration;

/// <summary>
/// Puts an edit of <c>yarp.json</c> in force within two seconds, however the file was written: it compares contents, which
/// a rename, a swapped symlink or a network mount cannot hide as they can from file notifications.
/// </summary>
internal sealed partial class ConfigurationWatcher(
    SettingsFile file, RevisionFactory factory, Revisions revisions, GatewayMetrics metrics, TimeProvider clock,
    ILogger<ConfigurationWatcher> logger) : BackgroundService
{
    /// <summary>A quarter of a second: a refusal, which needs two equal looks, is still told well within the second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private string? _seen;
    private string? _judged;
    private bool _refused;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    private void Look()
    {
        var (content, failure) = file.Read();
        var look = content is null ? failure : Convert.ToHexString(SHA256.HashData(content));
        var settled = look == _seen;
        _seen = look;
        if (look == _judged)
            return;

        var attempt = content is null ? new RevisionAttempt(null, [Finding.Error(failure!)]) : factory.Create(content);
        if (attempt.Revision is { } revision)
            Accept(revision);
        else if (settled)
            Refuse(attempt);
        else
            return; // Only what stays is refused: a file seen half-written is not the operator's mistake.

        _judged = look;
    }

    private void Accept(Revision revision)
    {
        var before = revisions.Current.Id;
        if (revision.Id != before)
            revisions.PutInForce(revision);
        else if (!_refused)
            return; // Other bytes, the same settings: no reload.

        _refused = false;
        metrics.Reload(accepted: true);
        Log.Accepted(logger, file.Name, before, revision.Id);
        foreach (var warning in revision.Warnings)
            Log.Warning(logger, warning.Describe(file.Name));
    }

    private void Refuse(RevisionAttempt attempt)
    {
        _refused = true;
        metrics.Reload(accepted: false);
        Log.Refused(logger, file.Name, revisions.Current.Id, string.Join("; ", attempt.Errors.Select(error => error.Describe(file.Name))));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{File} was edited: revision {Before} -> {After} is in force")]
        public static partial void Accepted(ILogger logger, string file, string before, string after);

        [LoggerMessage(LogLevel.Warning, "{Finding}")]
        public static partial void Warning(ILogger logger, string finding);

        [LoggerMessage(LogLevel.Error, "The edit of {File} was refused, revision {Current} stays in force: {Reasons}")]
        public static partial void Refused(ILogger logger, string file, string current, string reasons);
    }
}
