using System.Threading.Channels;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>
/// Writes with an unknown outcome. Cal.com may carry one out after its caller hung up or was told of a timeout, when the lists that it changes have already
/// been fetched again. When Cal.com is most likely done with it, these lists are marked as uncertain once more.
/// </summary>
internal sealed class LateWrites(Evictions evictions, TimeProvider clock, WatchMetrics metrics, ILogger<LateWrites> logger) : BackgroundService
{
    /// <summary>How long after its end here a write may still be carried out by Cal.com. It is an estimate: Cal.com does not say.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    /// <summary>Limits the queue. In an outage every write fails, and a thousand writes name the same few tags as the rest.</summary>
    private const int MaxQueued = 1000;

    private readonly Channel<LateWrite> _writes = Channel.CreateBounded<LateWrite>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <param name="tag">The tag of the lists that the write changes if it is carried out.</param>
    public void Add(string tag) => _writes.Writer.TryWrite(new LateWrite(tag, clock.GetTimestamp()));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new Watch("late writes", clock, metrics, logger).EachAsync(
        _writes.Reader.ReadAllAsync(stoppingToken), write => MarkWhenDueAsync(write, stoppingToken), stoppingToken);

    private async Task MarkWhenDueAsync(LateWrite write, CancellationToken stopping)
    {
        if (Delay - clock.GetElapsedTime(write.At) is var left && left > TimeSpan.Zero)
            await Task.Delay(left, clock, stopping);
        await evictions.MarkUncertainAsync(write.Tag);
    }

    private sealed record LateWrite(string Tag, long At);
}
