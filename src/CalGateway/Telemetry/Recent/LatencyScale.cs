using System.Numerics;

namespace CalGateway.Telemetry.Recent;

/// <summary>
/// A logarithmic scale for durations: four slots for every doubling, from a quarter of a millisecond to four minutes. The middle of a slot differs from
/// every duration in the slot by an eighth at most.
/// </summary>
internal static class LatencyScale
{
    public const int Slots = 76;

    private const double UnitMilliseconds = 0.25;

    public static int SlotOf(TimeSpan duration)
    {
        var units = (uint)Math.Clamp(duration.TotalMilliseconds / UnitMilliseconds, 0, 1 << 20);
        if (units < 4)
            return (int)units;

        var octave = BitOperations.Log2(units);
        return Math.Min((4 * (octave - 1)) + (int)((units >> (octave - 2)) & 3), Slots - 1);
    }

    /// <summary>The middle of a slot.</summary>
    public static double MillisecondsOf(int slot) => (StartOf(slot) + StartOf(slot + 1)) / 2 * UnitMilliseconds;

    /// <summary>The duration that the given share of all counted durations does not exceed; null if none was counted.</summary>
    public static double? Quantile(ReadOnlySpan<int> counts, double share)
    {
        var total = 0L;
        foreach (var count in counts)
            total += count;
        if (total == 0)
            return null;

        var left = (long)Math.Ceiling(share * total);
        var slot = -1;
        while (left > 0)
            left -= counts[++slot];
        return MillisecondsOf(Math.Max(slot, 0));
    }

    private static double StartOf(int slot) => slot < 4 ? slot : (4 + (slot & 3)) * Math.Pow(2, (slot / 4) - 1);
}
