namespace CalGateway.Caching.Store.Sharing;

/// <summary>Limits the answers that are being written to Redis: how long each may take, by its size, and how many bytes may be under way at once.</summary>
internal sealed class SharedTransfers(TimeProvider clock)
{
    /// <summary>Limits the bytes that are being written at once. A larger answer is written alone.</summary>
    private const long MaxBytes = 8 << 20;

    /// <summary>Two megabits a second. On a slower connection, writes are given up.</summary>
    private const double MinBytesPerSecond = 256 << 10;

    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(1);

    private readonly Budget _bytes = new(MaxBytes, clock);

    /// <summary>How long the writes that are under way may keep the connection busy.</summary>
    public TimeSpan TimeUnderWay => TimeFor(MaxBytes - _bytes.Free);

    /// <param name="write">Writes the answer within the given time.</param>
    public async Task RunAsync(long bytes, Func<TimeSpan, Task> write, CancellationToken cancellation)
    {
        if (await _bytes.TakeAsync(bytes, Timeout.InfiniteTimeSpan, cancellation) is not { } taken)
            return;

        try
        {
            // Writes at the same time share the bandwidth.
            await write(MinTimeout + TimeFor(Math.Max(bytes, MaxBytes - _bytes.Free)));
        }
        finally
        {
            _bytes.Release(taken);
        }
    }

    private static TimeSpan TimeFor(long bytes) => TimeSpan.FromSeconds(bytes / MinBytesPerSecond);
}
