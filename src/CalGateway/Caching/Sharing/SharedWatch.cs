using CalGateway.Caching.Evicting;

namespace CalGateway.Caching.Sharing;

/// <summary>Keeps watch over Redis: whether it answers, and what other gateways evict.</summary>
internal sealed class SharedWatch(RedisLink link, RedisGuard redis, SharedAnswers shared, Evictions evictions, TimeProvider clock) : BackgroundService
{
    /// <summary>How long after Redis has come back it is noticed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Nobody waits for a probe. It also sweeps, which may be long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsWanted)
            return;

        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await redis.ProbeAsync(ReachAsync, Patience);
            if (link.HasMissedSomething())
                evictions.DoubtAll();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReachAsync()
    {
        await link.PingAsync();
        await link.ListenAsync(evictions.HearAsync);
        await shared.CatchUpAsync();
    }
}
