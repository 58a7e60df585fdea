namespace CalGateway.Telemetry.Pulse;

/// <summary>The last fifteen minutes as series to be drawn: a number for each beat, oldest first.</summary>
internal sealed record PulseSeries
{
    public const double Median = 0.5;
    public const double Slow = 0.99;

    /// <summary>A route's line is short: so many beats are one number of it.</summary>
    private const int BeatsEach = 3;

    public int BeatSeconds { get; } = (int)PulseRecorder.BeatLength.TotalSeconds;

    public required IReadOnlyList<int> Requests { get; init; }

    /// <summary>Null where nothing that is cached was asked for.</summary>
    public required IReadOnlyList<double?> HitRatio { get; init; }

    public required IReadOnlyList<int> Problems { get; init; }

    /// <summary>Milliseconds; null where Cal.com was not asked.</summary>
    public required IReadOnlyList<double?> UpstreamMedian { get; init; }

    public required IReadOnlyList<double?> UpstreamSlow { get; init; }

    /// <summary>Requests by route, three beats a number.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> Routes { get; init; }

    public static PulseSeries Of(PulseSnapshot beats)
    {
        var all = beats.Routes.Values.Append(beats.Elsewhere).ToList();
        return new PulseSeries
        {
            Requests = [.. Each(index => all.Sum(beat => beat[index]?.Requests ?? 0))],
            Problems = [.. Each(index => all.Sum(beat => beat[index]?.Problems ?? 0))],
            HitRatio = [.. Each(index => Ratio(all.Sum(beat => beat[index]?.FromStore ?? 0), all.Sum(beat => beat[index]?.Cacheable ?? 0)))],
            UpstreamMedian = [.. beats.Upstream.Select(beat => Quantile(beat, Median))],
            UpstreamSlow = [.. beats.Upstream.Select(beat => Quantile(beat, Slow))],
            Routes = beats.Routes.ToDictionary(
                route => route.Key,
                IReadOnlyList<int> (route) => [.. route.Value.Chunk(BeatsEach).Select(chunk => chunk.Sum(beat => beat?.Requests ?? 0))]),
        };
    }

    private static IEnumerable<T> Each<T>(Func<int, T> of) => Enumerable.Range(0, PulseRecorder.Beats).Select(of);

    private static double? Ratio(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 3);

    private static double? Quantile(UpstreamBeat? beat, double share) =>
        beat is not null && LatencyScale.Quantile(beat.Durations, share) is { } milliseconds ? Math.Round(milliseconds, 1) : null;
}
