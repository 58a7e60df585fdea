namespace CalGateway.Telemetry.Pulse;

/// <summary>All that was counted, at one moment. Beats are oldest first, the current one last; null where nothing happened.</summary>
/// <param name="Routes">By route id.</param>
/// <param name="Elsewhere">What met no route.</param>
internal sealed record PulseSnapshot(
    IReadOnlyDictionary<string, RouteBeat?[]> Routes, RouteBeat?[] Elsewhere, UpstreamBeat?[] Upstream)
{
    private const int BeatsOfAMinute = 6;

    /// <summary>The beats of the last minute, and the one that has begun.</summary>
    public static IEnumerable<TBeat> LastMinuteOf<TBeat>(TBeat?[] beats)
        where TBeat : class => beats[^(BeatsOfAMinute + 1)..].OfType<TBeat>();
}
