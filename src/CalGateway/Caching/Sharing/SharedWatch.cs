using CalGateway.Caching.Evicting;

namespace CalGateway.Caching.Sharing;

/// <summary>Keeps watch over Redis: whether it answers, and what other gateways evict.</summary>
internal sealed class SharedWatch(RedisLink link, RedisGuard redis, SharedAnswers shared, Evictions evictions, TimeProvider clock) : BackgroundService
{
    /// <summary>How long after Redis has come back it is noticed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Nobody waits for a probe. It also sweeps, which may be long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The connection up to which every eviction was heard or made up for.</summary>
    private int _line;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsWanted)
            return;

        using var timer = new PeriodicTimer(Interval, clock);
        var reaching = Task.CompletedTask;
        do
        {
            // One at a time: of two, the one that was given up could take for whole what has been broken since.
            if (reaching.IsCompleted)
                reaching = ReachAsync();
            await redis.ProbeAsync(reaching, Patience);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// What has to be done before Redis is believed, the first time and after each break. A Redis that is merely slow loses nothing; over a connection
    /// that is not the same any more, others may have evicted without this gateway's hearing of it.
    /// </summary>
    private async Task ReachAsync()
    {
        await link.PingAsync();
        await link.ListenAsync(evictions.Hear);
        await shared.CatchUpAsync();
        var line = link.Line; // what breaks from here on is for the next time
        if (line == _line)
            return;

        await link.HearItselfAsync(line);
        if (_line > 0)
            shared.Doubt();
        evictions.DoubtAll();
        _line = line;
    }
}
