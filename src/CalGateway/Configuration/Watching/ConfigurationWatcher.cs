using CalGateway.Configuration.Settings;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Logs;

namespace CalGateway.Configuration.Watching;

/// <summary>Puts an edit of <c>yarp.json</c> in force within two seconds. It polls: file notifications miss renames, symbolic links and mounts.</summary>
internal sealed partial class ConfigurationWatcher(
    SettingsFile file, RevisionFactory factory, Revisions revisions, RevisionHistory history, ProxyReload reload,
    GatewayMetrics metrics, WatchMetrics failures, ConsoleFormat console, TimeProvider clock, ILogger<ConfigurationWatcher> logger) : BackgroundService
{
    /// <summary>A wrong content must be found twice before it is refused. With this interval that is still logged within a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often an edit that names a missing file is tried again: secrets and settings are seldom written at the same moment, so the file may still come.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SettledContent _content = new(clock, Interval);
    private readonly Lock _turn = new();
    private string? _lastFingerprint;
    private bool _refused;

    /// <summary>When the content was last refused for another file; null where it was not.</summary>
    private long? _awaitsFile;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new Watch("settings", clock, failures, logger);
        watch.RunOnce(Start);
        await watch.EveryAsync(Interval, Poll, stoppingToken);
    }

    /// <summary>Reads the file at once, for SIGHUP: the edit is complete, so that it is in force, or refused, when this returns.</summary>
    public void ReadNow() => new Watch("settings", clock, failures, logger).RunOnce(() => Poll(finished: true));

    private void Start()
    {
        _lastFingerprint = revisions.FirstFingerprint; // the start has already validated this content
        var first = revisions.Current;
        history.Add(new RevisionEvent(clock.GetUtcNow(), true, first.Id, file.Path, ["started"], Describe(first.Warnings)));
        foreach (var warning in first.Warnings)
            Log.Warning(logger, warning.Describe(file.Name));
    }

    private void Poll() => Poll(finished: false);

    private void Poll(bool finished)
    {
        lock (_turn)
            Apply(finished);
    }

    private void Apply(bool finished)
    {
        var fingerprint = file.Fingerprint();
        var settled = _content.IsSettled(fingerprint) || finished;
        var isKnown = fingerprint == _lastFingerprint;
        if (isKnown && !(_awaitsFile is { } since && (finished || clock.GetElapsedTime(since) >= RetryInterval)))
            return;

        var (content, failure) = file.Read();
        if (fingerprint != (content is null ? failure : SettingsFile.FingerprintOf(content)))
            return; // The file changed after its fingerprint was taken; the next poll reads it again.

        var attempt = content is null ? new RevisionAttempt(null, [Finding.Error(failure!)]) : factory.Create(content, revisions.Current);
        if (attempt.Revision is null && !settled)
            return; // Refused only if the next poll finds the same content: the file may still be being written.

        _lastFingerprint = fingerprint;
        _awaitsFile = attempt.Revision is null && attempt.Errors.All(error => error.IsOfAnotherFile) ? clock.GetTimestamp() : null;
        if (isKnown && _awaitsFile is not null)
            return; // the refusal and its reason were logged before
        if (attempt.Bug is { } bug)
            Log.Bug(logger, bug);
        if (attempt.Revision is { } revision)
            Accept(revision);
        else
            Refuse(attempt.Findings);
    }

    private void Accept(Revision revision)
    {
        var before = revisions.Current;
        if (revision.Id == before.Id)
        {
            // The settings are the same, so nothing is reloaded, but lines may have moved.
            revisions.UpdateLines(revision);
            if (!_refused)
                return;
        }

        try
        {
            if (revision.Id != before.Id)
                revisions.PutInForce(revision, reload);
        }
        catch (RevisionRejectedException failure)
        {
            Log.Rejected(logger, failure);
            Refuse([Finding.Error($"The gateway could not be made to serve this: {failure.Message}")]);
            return;
        }

        // Frees the previous revision and what was needed to make this one. It runs in the background, so that requests do not wait.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        _refused = false;
        console.Use(revision.Options<LogOptions>().Format);
        var changes = SettingsChange.Between(before.Settings, revision.Settings);
        Record(accepted: true, changes, revision.Warnings);
        if (revision.Id == before.Id)
            Log.Restored(logger, file.Name, revision.Id);
        else
            Log.Accepted(logger, file.Name, before.Id, revision.Id, string.Join("; ", changes));
        foreach (var warning in revision.Warnings)
            Log.Warning(logger, warning.Describe(file.Name));
    }

    private void Refuse(IReadOnlyList<Finding> findings)
    {
        _refused = true;
        Record(accepted: false, [], findings);
        var errors = findings.Where(finding => finding.Severity == Severity.Error);
        Log.Refused(logger, file.Name, revisions.Current.Id, string.Join("; ", errors.Select(error => error.Describe(file.Name))));
    }

    private void Record(bool accepted, IReadOnlyList<string> changes, IEnumerable<Finding> findings)
    {
        metrics.Reload(accepted);
        history.Add(new RevisionEvent(
            clock.GetUtcNow(), accepted, revisions.Current.Id, file.Path, changes, Describe(findings)));
    }

    private string[] Describe(IEnumerable<Finding> findings) => [.. findings.Select(finding => finding.Describe(file.Name))];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The content of the settings file made the gateway fail; this is a bug")]
        public static partial void Bug(ILogger logger, Exception bug);

        [LoggerMessage(LogLevel.Error, "An edit that had been found good failed when it was put in force")]
        public static partial void Rejected(ILogger logger, Exception failure);

        [LoggerMessage(LogLevel.Information, "{File} was edited, revision {Before} -> {After} is in force: {Changes}")]
        public static partial void Accepted(ILogger logger, string file, string before, string after, string changes);

        [LoggerMessage(LogLevel.Information, "{File} is as before again, revision {Revision} stays in force")]
        public static partial void Restored(ILogger logger, string file, string revision);

        [LoggerMessage(LogLevel.Warning, "{Finding}")]
        public static partial void Warning(ILogger logger, string finding);

        [LoggerMessage(LogLevel.Error, "The edit of {File} was refused, revision {Current} stays in force: {Reasons}")]
        public static partial void Refused(ILogger logger, string file, string current, string reasons);
    }
}
