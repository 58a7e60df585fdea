namespace CalGateway.Caching.Store.Sharing;

/// <summary>The answers that are being written to Redis: how long each may take by its size, and how many bytes of them there may be at once.</summary>
internal sealed class SharedTransfers(TimeProvider clock)
{
    /// <summary>Limits the bytes that are being written; a larger answer goes alone.</summary>
    private const long MostBytes = 8 << 20;

    /// <summary>Two megabits a second. A slower connection is of no use for sharing lists.</summary>
    private const double SlowestBytesPerSecond = 256 << 10;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private readonly Budget _bytes = new(MostBytes, clock);

    /// <summary>For how long the transfers that are under way may keep the connection busy.</summary>
    public TimeSpan TimeUnderWay => TimeFor(MostBytes - _bytes.Free);

    /// <param name="bytes">How large the answer is.</param>
    /// <param name="write">Given the time that it may take.</param>
    public async Task RunAsync(long bytes, Func<TimeSpan, Task> write, CancellationToken cancellation)
    {
        if (await _bytes.TakeAsync(bytes, Timeout.InfiniteTimeSpan, cancellation) is not { } taken)
            return;

        try
        {
            // Transfers at the same time share the bandwidth.
            await write(Least + TimeFor(Math.Max(bytes, MostBytes - _bytes.Free)));
        }
        finally
        {
            _bytes.Give(taken);
        }
    }

    private static TimeSpan TimeFor(long bytes) => TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
}
