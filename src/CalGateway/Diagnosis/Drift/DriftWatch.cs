using System.Threading.Channels;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Structures;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Drift;

/// <summary>A copy of the first bytes of an answer.</summary>
/// <param name="Tag">Its <c>ETag</c>; null where it has none.</param>
/// <param name="Bytes">Null for a 304: the answer is the same as the one with this tag. Most refreshes of the cache are answered so.</param>
/// <param name="IsWhole">False where the answer is longer.</param>
internal sealed record AnswerSample(DriftSubject Subject, string? Tag, ReadOnlyMemory<byte>? Bytes, bool IsWhole);

/// <summary>A changed field in the answers of one read, although nothing was changed in the gateway.</summary>
internal sealed record AnswerChange(DriftSubject Subject, FieldChange Field);

/// <summary>
/// Learns the structure of each route's answers and reports when Cal.com changes it at an unchanged version: once in the log, in a metric, and on the status
/// page as long as it lasts. It examines copies in the background; when the queue is full, further copies are dropped.
/// </summary>
internal sealed partial class DriftWatch(
    Revisions revisions, ISharedStructures shared, IStoredAnswers stored, TimeProvider clock, GatewayMetrics metrics, WatchMetrics watchMetrics, ILogger<DriftWatch> logger) : BackgroundService
{
    private const int MaxQueued = 32;
    private const int MaxSubjects = 200;

    /// <summary>Reads of which the latest answer's structure is kept, for when Cal.com answers 304.</summary>
    private const int MaxRemembered = 16;

    /// <summary>A change that lasts longer than this becomes the expected structure.</summary>
    private static readonly TimeSpan AcceptAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan ShareInterval = TimeSpan.FromMinutes(5);

    private readonly Channel<AnswerSample> _samples = Channel.CreateBounded<AnswerSample>(new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Only the reader of the queue accesses it.</summary>
    private readonly Dictionary<DriftSubject, WatchedRead> _subjects = [];

    private IReadOnlyList<AnswerChange> _changes = [];

    /// <summary>The differences from what was learned, for routes that are still configured in the same way.</summary>
    public IReadOnlyList<AnswerChange> Changes
    {
        get
        {
            var changes = Volatile.Read(ref _changes);
            return changes.Count == 0 ? changes : [.. changes.Where(IsStillAsked)];
        }
    }

    public void Enqueue(AnswerSample sample) => _samples.Writer.TryWrite(sample);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("answers' structure", clock, watchMetrics, logger).EachAsync(_samples.Reader.ReadAllAsync(stoppingToken), ExamineAsync, stoppingToken);

    private async Task ExamineAsync(AnswerSample sample)
    {
        var now = clock.GetUtcNow();
        var watched = await FindAsync(sample.Subject, now);
        if (StructureOf(sample, watched) is not { } structure)
            return;

        watched.ExaminedAt = now;
        watched.Learned.Learn(structure, now);
        AcceptLastingChanges(watched, now);
        var before = watched.Changes;
        watched.Changes = watched.Learned.Changes;
        if (before.Count > 0 || watched.Changes.Count > 0)
            Report(sample.Subject, before, watched.Changes);
        if (ShouldShare(watched, before, now))
        {
            watched.SharedAt = now;
            await shared.PutAsync(sample.Subject.Name, watched.Learned.Write());
        }

        if (watched.Learned.IsUndecided && watched.MayRefresh(now))
            await stored.RefreshAsync(sample.Subject.Route);
    }

    /// <summary>Null for a 304 about an answer that is not remembered.</summary>
    private AnswerStructure? StructureOf(AnswerSample sample, WatchedRead watched)
    {
        if (sample.Bytes is not { } bytes)
            return watched.Latest is { } latest && latest.Tag == sample.Tag ? latest.Structure : null;

        var structure = StructureReader.Read(bytes.Span, sample.IsWhole);
        watched.Latest = null;
        if (sample.Tag is { } tag)
        {
            var remembered = _subjects.Values.Where(other => other.Latest is not null).ToList();
            if (remembered.Count >= MaxRemembered)
                remembered.MinBy(other => other.ExaminedAt)!.Latest = null;
            watched.Latest = (tag, structure);
        }

        return structure;
    }

    private async ValueTask<WatchedRead> FindAsync(DriftSubject subject, DateTimeOffset now)
    {
        if (_subjects.TryGetValue(subject, out var known))
            return known;

        if (_subjects.Count >= MaxSubjects)
            _subjects.Remove(_subjects.MinBy(watched => watched.Value.ExaminedAt).Key);
        var learned = await shared.FindAsync(subject.Name) is { } written ? LearnedStructure.Read(written) : null;
        return _subjects[subject] = new WatchedRead(learned ?? new LearnedStructure()) { SharedAt = now };
    }

    private static void AcceptLastingChanges(WatchedRead watched, DateTimeOffset now)
    {
        foreach (var change in watched.Changes.Where(change => now - change.At > AcceptAfter))
            watched.Learned.Accept(change.Path);
    }

    private void Report(DriftSubject subject, IReadOnlyList<FieldChange> before, IReadOnlyList<FieldChange> after)
    {
        foreach (var change in after.Where(change => !before.Any(known => known.Path == change.Path && known.Kind == change.Kind)))
        {
            metrics.ShapeChange(subject.Route);
            Log.Changed(logger, subject.Route, subject.Operation, subject.Version, change.At, change.Says);
        }

        foreach (var over in before.Where(known => !after.Any(change => change.Path == known.Path)))
            Log.Reverted(logger, subject.Route, subject.Operation, over.Path);
        Volatile.Write(ref _changes,
        [
            .. from watched in _subjects
               from change in watched.Value.Changes
               select new AnswerChange(watched.Key, change),
        ]);
    }

    /// <summary>When enough is learned, when a change begins or ends, and every five minutes.</summary>
    private static bool ShouldShare(WatchedRead watched, IReadOnlyList<FieldChange> before, DateTimeOffset now) =>
        watched.Learned.Answers == LearnedField.ObjectsUntilFixed || watched.Changes.Count != before.Count || now - watched.SharedAt > ShareInterval;

    private bool IsStillAsked(AnswerChange change) =>
        revisions.Current.Plans.TryGetValue(change.Subject.Route, out var plan) && plan.Part<DiagnosisPlan>()?.Drift?.Setup == change.Subject.Setup
        && revisions.Current.Get<ConsumerPins>().IsAsked(plan, change.Subject.Version);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Route} answers changed at an unchanged version: {Operation} at {Version}, since {At:u}: {Change}")]
        public static partial void Changed(ILogger logger, string route, string operation, string version, DateTimeOffset at, string change);

        [LoggerMessage(LogLevel.Information, "{Route} answers are as before: {Operation} has {Path} again, or it is expected no more")]
        public static partial void Reverted(ILogger logger, string route, string operation, string path);
    }
}
