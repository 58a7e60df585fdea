namespace CalGateway.Telemetry.Durations;

/// <summary>The buckets in which durations are tallied: those of every histogram that is told of them, so that what lies in one lies in one of theirs.</summary>
internal static class DurationScale
{
    /// <summary>In seconds: what the HTTP semantic conventions have for requests.</summary>
    public static readonly double[] OfConventions = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>In seconds, up to the longest that Cal.com is waited for.</summary>
    public static readonly double[] OfUpstream = [.. OfConventions, 30];

    private static readonly long[] Limits = [.. OfUpstream.Select(seconds => (long)(seconds * 1_000_000))];

    public static int Buckets => Limits.Length;

    /// <summary>Null beyond the last boundary.</summary>
    public static int? BucketOf(long microseconds)
    {
        for (var bucket = 0; bucket < Limits.Length; bucket++)
        {
            if (microseconds <= Limits[bucket])
                return bucket;
        }

        return null;
    }
}
