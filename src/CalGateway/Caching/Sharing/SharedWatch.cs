using CalGateway.Caching.Evicting;

namespace CalGateway.Caching.Sharing;

/// <summary>Keeps watch over Redis: whether it answers, and what other gateways evict.</summary>
internal sealed class SharedWatch(RedisLink link, RedisGuard redis, SharedAnswers shared, Evictions evictions, TimeProvider clock) : BackgroundService
{
    /// <summary>How long after Redis has come back it is noticed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Nobody waits for a probe. It also sweeps, which may be long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>At first it is so: nobody has listened yet.</summary>
    private bool _hasMissedSomething = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsWanted)
            return;

        using var timer = new PeriodicTimer(Interval, clock);
        do
            await redis.ProbeAsync(ReachAsync, Patience);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>What has to be done before Redis is believed, the first time and after each break.</summary>
    private async Task ReachAsync()
    {
        await link.ListenAsync(evictions.HearAsync);
        _hasMissedSomething |= link.HasMissedSomething(); // what is missed from here on is for the next time
        await link.PingAsync();
        await shared.CatchUpAsync();
        if (!_hasMissedSomething)
            return;

        evictions.DoubtAll();
        _hasMissedSomething = false;
    }
}
