using System.Collections.Concurrent;
using System.Diagnostics;

namespace CalGateway.Telemetry.Durations;

/// <summary>
/// Durations by kind of request, kept until they are told. To have OpenTelemetry look the tags of a measurement up, once a reader, is the dearest
/// that a request does besides being sent; once a second, many at a time, the look-up is warm.
/// </summary>
internal sealed class DurationTallies<TKind>
    where TKind : struct, IEquatable<TKind>
{
    /// <summary>OpenTelemetry's own limit on the kinds of one metric; a tally beyond it would be told of as overflow anyway.</summary>
    private const int MostKinds = 2000;

    private readonly ConcurrentDictionary<TKind, DurationTally<TKind>> _tallies = new();

    /// <summary>False for what is to be told at once: the trace is recorded, and only so can it be an example; or it took too long.</summary>
    /// <param name="kind">The request's.</param>
    /// <param name="duration">The request's.</param>
    /// <param name="last">Where the route's last request was tallied, which is mostly of the same kind.</param>
    public bool TryAdd(in TKind kind, TimeSpan duration, ref DurationTally<TKind>? last)
    {
        if (Activity.Current is { Recorded: true })
            return false;

        var tally = last; // read once: others put theirs there at the same time
        if (tally is null || !tally.Kind.Equals(kind))
            last = tally = Of(kind);
        return tally?.TryAdd(duration) == true;
    }

    /// <summary>Takes out everything.</summary>
    public IEnumerable<(TKind Kind, double Seconds, int Times)> TakeOut() =>
        from tally in _tallies
        from taken in tally.Value.TakeOut()
        select (tally.Key, taken.Seconds, taken.Times);

    private DurationTally<TKind>? Of(in TKind kind) =>
        _tallies.TryGetValue(kind, out var tally) ? tally
        : _tallies.Count < MostKinds ? _tallies.GetOrAdd(kind, static kind => new DurationTally<TKind>(kind))
        : null;
}
