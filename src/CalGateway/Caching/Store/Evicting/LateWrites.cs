using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>
/// Writes with an unknown outcome. Cal.com may carry one out after its caller hung up or was told of a timeout, when the lists that it changes have already
/// been fetched again. Its tags wait here until Cal.com is most likely done with it.
/// </summary>
internal sealed class LateWrites(TimeProvider clock)
{
    /// <summary>How long after its end here a write may still be carried out by Cal.com. It is an estimate: Cal.com does not say.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    /// <summary>Limits the queue. In an outage every write fails, and a thousand writes name the same few tags as the rest.</summary>
    private const int MaxQueued = 1000;

    private readonly Channel<LateWrite> _writes = Channel.CreateBounded<LateWrite>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <param name="tag">The tag of the lists that the write changes if it is carried out.</param>
    public void Add(string tag) => _writes.Writer.TryWrite(new LateWrite(tag, clock.GetTimestamp()));

    /// <summary>The tags, each when its delay is over.</summary>
    public async IAsyncEnumerable<string> DueAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (tag, at) in _writes.Reader.ReadAllAsync(cancellation))
        {
            if (Delay - clock.GetElapsedTime(at) is var left && left > TimeSpan.Zero)
                await Task.Delay(left, clock, cancellation);
            yield return tag;
        }
    }

    private sealed record LateWrite(string Tag, long At);
}
