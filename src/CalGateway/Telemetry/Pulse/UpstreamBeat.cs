namespace CalGateway.Telemetry.Pulse;

/// <summary>The requests that went to Cal.com, and how long they took.</summary>
internal sealed class UpstreamBeat : IBeat
{
    private readonly int[] _durations = new int[LatencyScale.Slots];
    private int _requests;
    private int _failures;

    public bool IsEmpty => Requests == 0;

    public int Requests => Volatile.Read(ref _requests);

    public int Failures => Volatile.Read(ref _failures);

    /// <summary>By <see cref="LatencyScale"/>.</summary>
    public ReadOnlySpan<int> Durations => _durations;

    /// <summary>The durations of several.</summary>
    public static int[] Sum(IReadOnlyCollection<UpstreamBeat> beats)
    {
        var sum = new int[LatencyScale.Slots];
        foreach (var beat in beats)
        {
            for (var slot = 0; slot < sum.Length; slot++)
                sum[slot] += beat._durations[slot];
        }

        return sum;
    }

    public void Count(TimeSpan duration, bool failed)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _durations[LatencyScale.SlotOf(duration)]);
        if (failed)
            Interlocked.Increment(ref _failures);
    }
}
