using CalGateway.Caching.Entries;

namespace CalGateway.Caching.Sharing;

/// <summary>The answers that are being written to Redis: how long each may take by its size, and how many bytes of them there may be at once.</summary>
internal sealed class SharedTransfers(TimeProvider clock)
{
    /// <summary>So many bytes of answers wait for Redis at once; a larger one goes alone.</summary>
    private const long MostBytes = 8 << 20;

    /// <summary>Two megabits a second: what is slower than this is no line to share lists over.</summary>
    private const double SlowestBytesPerSecond = 256 << 10;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private readonly Room _room = new(MostBytes, clock);

    /// <summary>For how long what is under way may keep the line busy.</summary>
    public TimeSpan TimeUnderWay => TimeFor(MostBytes - _room.Free);

    /// <param name="bytes">How large the answer is.</param>
    /// <param name="write">Given the time that it may take.</param>
    public async Task RunAsync(long bytes, Func<TimeSpan, Task> write, CancellationToken cancellation)
    {
        if (await _room.TakeAsync(bytes, Timeout.InfiniteTimeSpan, cancellation) is not { } taken)
            return;

        try
        {
            // Those that are under way at the same time share the line.
            await write(Least + TimeFor(Math.Max(bytes, MostBytes - _room.Free)));
        }
        finally
        {
            _room.Give(taken);
        }
    }

    private static TimeSpan TimeFor(long bytes) => TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);
}
