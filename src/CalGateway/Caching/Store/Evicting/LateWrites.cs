using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>
/// Writes with an unknown outcome: Cal.com may carry one out after its caller hung up or was told of a timeout, when the lists that it changes have
/// been fetched again already. They wait here until Cal.com is most likely done with them.
/// </summary>
internal sealed class LateWrites(TimeProvider clock)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>In an outage every write fails, and the first thousand name the same tags as the rest.</summary>
    private const int Most = 1000;

    private readonly Channel<(string Tag, long At)> _writes = Channel.CreateBounded<(string, long)>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <param name="tag">Of the lists that the write changes if it is carried out.</param>
    public void Add(string tag) => _writes.Writer.TryWrite((tag, clock.GetTimestamp()));

    /// <summary>The tags, each when its time has come.</summary>
    public async IAsyncEnumerable<string> DueAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (tag, at) in _writes.Reader.ReadAllAsync(cancellation))
        {
            if (Patience - clock.GetElapsedTime(at) is var left && left > TimeSpan.Zero)
                await Task.Delay(left, clock, cancellation);
            yield return tag;
        }
    }
}
