using System.Threading.Channels;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Structures;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Drift;

/// <summary>A copy of an answer's first bytes.</summary>
internal sealed record AnswerSample(DriftSubject Subject, ReadOnlyMemory<byte> Bytes, bool IsWhole);

/// <summary>A change of the answers of one read, with nothing changed here.</summary>
internal sealed record AnswerChange(DriftSubject Subject, FieldChange Field);

/// <summary>
/// Remembers what each route's answers look like, and tells when Cal.com changes that at an unchanged version: once in the log, in a metric, and as long as
/// it lasts to whoever asks. It looks at copies, in the background; when there are too many, the next ones are left out.
/// </summary>
internal sealed partial class DriftWatch(
    Revisions revisions, ISharedStructures shared, TimeProvider clock, GatewayMetrics metrics, WatchMetrics watchMetrics, ILogger<DriftWatch> logger) : BackgroundService
{
    private const int MostWaiting = 32;
    private const int MostSubjects = 200;

    /// <summary>After it, what is there is what is to be expected.</summary>
    private static readonly TimeSpan Accepted = TimeSpan.FromDays(1);

    private static readonly TimeSpan BetweenShares = TimeSpan.FromMinutes(5);

    private readonly Channel<AnswerSample> _samples = Channel.CreateBounded<AnswerSample>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Known to the reader of the queue alone.</summary>
    private readonly Dictionary<DriftSubject, Watched> _subjects = [];

    private IReadOnlyList<AnswerChange> _changes = [];

    /// <summary>What differs from what was learned, as far as the routes still ask so.</summary>
    public IReadOnlyList<AnswerChange> Changes
    {
        get
        {
            var changes = Volatile.Read(ref _changes);
            return changes.Count == 0 ? changes : [.. changes.Where(IsStillAsked)];
        }
    }

    public void Offer(AnswerSample sample) => _samples.Writer.TryWrite(sample);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("answers' structure", clock, watchMetrics, logger).EachAsync(_samples.Reader.ReadAllAsync(stoppingToken), LookAtAsync, stoppingToken);

    private async Task LookAtAsync(AnswerSample sample)
    {
        var now = clock.GetUtcNow();
        var watched = await FindAsync(sample.Subject, now);
        watched.LookedAt = now;
        watched.Learned.Learn(StructureReader.Read(sample.Bytes.Span, sample.IsWhole), now);
        AcceptWhatStays(watched, now);
        var before = watched.Changes;
        watched.Changes = watched.Learned.Changes;
        if (before.Count > 0 || watched.Changes.Count > 0)
            Tell(sample.Subject, before, watched.Changes);
        if (IsToBeShared(watched, before, now))
        {
            watched.SharedAt = now;
            await shared.PutAsync(sample.Subject.Name, watched.Learned.Write());
        }
    }

    private async ValueTask<Watched> FindAsync(DriftSubject subject, DateTimeOffset now)
    {
        if (_subjects.TryGetValue(subject, out var known))
            return known;

        if (_subjects.Count >= MostSubjects)
            _subjects.Remove(_subjects.MinBy(watched => watched.Value.LookedAt).Key);
        var learned = await shared.FindAsync(subject.Name) is { } written ? LearnedStructure.Read(written) : null;
        return _subjects[subject] = new Watched(learned ?? new LearnedStructure()) { SharedAt = now };
    }

    private static void AcceptWhatStays(Watched watched, DateTimeOffset now)
    {
        foreach (var change in watched.Changes.Where(change => now - change.At > Accepted))
            watched.Learned.Accept(change.Path);
    }

    private void Tell(DriftSubject subject, IReadOnlyList<FieldChange> before, IReadOnlyList<FieldChange> after)
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

    /// <summary>When enough is learned, when something has changed, and now and then.</summary>
    private static bool IsToBeShared(Watched watched, IReadOnlyList<FieldChange> before, DateTimeOffset now) =>
        watched.Learned.Answers == LearnedField.Enough || watched.Changes.Count != before.Count || now - watched.SharedAt > BetweenShares;

    private bool IsStillAsked(AnswerChange change) =>
        revisions.Current.Plans.TryGetValue(change.Subject.Route, out var plan) && plan.Part<DiagnosisPlan>()?.Drift?.Setup == change.Subject.Setup
        && (plan.ApiVersion.ToString() == change.Subject.Version || plan.TakesCallersVersion || revisions.Current.Get<ConsumerPins>().On(plan.RouteId).Any(own => own.Version == change.Subject.Version));

    private sealed class Watched(LearnedStructure learned)
    {
        public LearnedStructure Learned { get; } = learned;

        public IReadOnlyList<FieldChange> Changes { get; set; } = [];

        public DateTimeOffset LookedAt { get; set; }

        public DateTimeOffset SharedAt { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Route} answers changed at an unchanged version: {Operation} at {Version}, since {At:u}: {Change}")]
        public static partial void Changed(ILogger logger, string route, string operation, string version, DateTimeOffset at, string change);

        [LoggerMessage(LogLevel.Information, "{Route} answers are as before: {Operation} has {Path} again, or it is expected no more")]
        public static partial void Reverted(ILogger logger, string route, string operation, string path);
    }
}
