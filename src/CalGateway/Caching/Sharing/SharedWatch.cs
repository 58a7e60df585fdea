using CalGateway.Caching.Evicting;

namespace CalGateway.Caching.Sharing;

/// <summary>Keeps watch over Redis: whether it answers, and what other gateways evict.</summary>
internal sealed class SharedWatch(RedisLink link, SharedAnswers shared, Evictions evictions, TimeProvider clock) : BackgroundService
{
    /// <summary>How long after Redis has come back it is noticed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsWanted)
            return;

        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (await shared.ProbeAsync(HearAsync))
                evictions.DoubtAll(); // What others evicted meanwhile was told to nobody.
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task HearAsync(string tag)
    {
        evictions.EvictHere(tag);

        // This gateway may have been storing at that very moment, behind the sender's sweep.
        await shared.SweepAsync(tag);
    }
}
