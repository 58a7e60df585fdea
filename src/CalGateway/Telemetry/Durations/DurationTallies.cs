using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CalGateway.Telemetry.Durations;

/// <summary>
/// Counts durations by their tags and gives them to OpenTelemetry once a second. OpenTelemetry looks up the tags of every single measurement, so that
/// .NET's own HTTP metrics cost a tenth of a forward; <c>decisions.md</c> has the figures. Here a request costs one look-up and one addition.
/// </summary>
/// <typeparam name="TKind">One value for each set of tags.</typeparam>
/// <param name="record">Records in the instruments that a number of requests with the same tags took the same number of seconds each.</param>
internal sealed class DurationTallies<TKind>(Action<TKind, double, int> record)
    where TKind : struct, IEquatable<TKind>
{
    /// <summary>The limit of OpenTelemetry on the sets of tags of one metric. Further ones are recorded at once, and OpenTelemetry counts them as overflow.</summary>
    private const int MaxKinds = 2000;

    private readonly ConcurrentDictionary<TKind, Tally> _tallies = new();

    public void Add(in TKind kind, TimeSpan duration)
    {
        // A histogram takes its exemplars from the trace that is current when it is written to, so a request with a recorded trace is written at once.
        if (Activity.Current is { Recorded: true } || TallyOf(kind) is not { } tally)
            record(kind, duration.TotalSeconds, 1);
        else
            tally.Add(duration.Ticks);
    }

    /// <summary>Records what was counted since the last call. Not to be called by two threads at once.</summary>
    public void Publish()
    {
        foreach (var (kind, tally) in _tallies)
        {
            foreach (var (seconds, times) in tally.Drain())
                record(kind, seconds, times);
        }
    }

    private Tally? TallyOf(in TKind kind) =>
        _tallies.TryGetValue(kind, out var tally) ? tally
        : _tallies.Count < MaxKinds ? _tallies.GetOrAdd(kind, static _ => new Tally())
        : null;

    /// <summary>
    /// Count and sum of each bucket, for one set of tags. A bucket is recorded as that number of requests with the bucket's mean duration. The mean lies in
    /// the bucket, so count, sum and buckets of the histogram are the same as if each request had been recorded alone.
    /// </summary>
    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private readonly (int Times, long Ticks)[] _buckets = new (int, long)[DurationBuckets.Count];

        public void Add(long ticks)
        {
            var bucket = DurationBuckets.IndexOf(ticks);
            lock (_lock)
            {
                _buckets[bucket].Times++;
                _buckets[bucket].Ticks += ticks;
            }
        }

        public IEnumerable<(double Seconds, int Times)> Drain()
        {
            for (var bucket = 0; bucket < _buckets.Length; bucket++)
            {
                (int Times, long Ticks) taken;
                lock (_lock)
                    (taken, _buckets[bucket]) = (_buckets[bucket], default);
                if (taken.Times > 0)
                    yield return ((double)taken.Ticks / taken.Times / TimeSpan.TicksPerSecond, taken.Times);
            }
        }
    }
}

/// <summary>The bucket boundaries of the histograms. Tallies use those of all together, so that each bucket lies within one of every histogram.</summary>
internal static class DurationBuckets
{
    /// <summary>In seconds, as the HTTP semantic conventions advise for requests.</summary>
    public static readonly double[] OfConventions = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>In seconds; requests to Cal.com may take up to 30.</summary>
    public static readonly double[] OfUpstream = [.. OfConventions, 30];

    private static readonly long[] Limits = Array.ConvertAll(OfUpstream, static seconds => TimeSpan.FromSeconds(seconds).Ticks);

    /// <summary>One more than there are boundaries: the last bucket is for all longer durations.</summary>
    public static int Count => Limits.Length + 1;

    /// <summary>Searches from the shortest boundary, because most requests are short.</summary>
    public static int IndexOf(long ticks)
    {
        var bucket = 0;
        while (bucket < Limits.Length && ticks > Limits[bucket])
            bucket++;
        return bucket;
    }

    /// <summary>Records the same duration several times; a histogram has no method for that.</summary>
    public static void Record(this Histogram<double> histogram, double seconds, int times, KeyValuePair<string, object?>[] tags)
    {
        for (; times > 0; times--)
            histogram.Record(seconds, tags);
    }
}

/// <summary>Publishes the tallies every second, and once more when the gateway stops, before metrics are exported for the last time.</summary>
internal sealed class DurationPublisher(TimeProvider clock, WatchMetrics metrics, ILogger<DurationPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<Action> _publish = [];
    private readonly Watch _watch = new("durations", clock, metrics, logger);

    /// <inheritdoc cref="DurationTallies{TKind}(Action{TKind, double, int})"/>
    public DurationTallies<TKind> Tally<TKind>(Action<TKind, double, int> record)
        where TKind : struct, IEquatable<TKind>
    {
        var tallies = new DurationTallies<TKind>(record);
        _publish.Add(tallies.Publish);
        return tallies;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _watch.RunOnce(Publish);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _watch.EveryAsync(Interval, Publish, stoppingToken);

    private void Publish() => Watch.Each(_publish, publish => publish());
}
