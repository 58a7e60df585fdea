namespace CalGateway.Tests.Caching;

/// <summary>A clock whose time of day can be set, while its timers and timestamps go on.</summary>
internal sealed class WallClock : TimeProvider
{
    private long _offset;

    public void Set(TimeSpan offset) => Interlocked.Exchange(ref _offset, offset.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));
}
