using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace CalGateway.Telemetry.Durations;

/// <summary>A histogram has no word for "so many times the same".</summary>
internal static class Repeated
{
    /// <summary>Compiled for good at once: called once a second, with a long loop each time, it would be half a minute until it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Record(this Histogram<double> histogram, double value, int times, KeyValuePair<string, object?>[] tags)
    {
        for (; times > 0; times--)
            histogram.Record(value, tags);
    }
}
