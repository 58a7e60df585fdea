namespace CalGateway.Telemetry.Durations;

/// <summary>What keeps measurements back, to tell many at a time.</summary>
internal interface ITallied
{
    /// <summary>Tells what was tallied since the last time.</summary>
    void HandOver();
}

/// <summary>Has what was tallied told every second, and once more at the end, before what was measured is exported for the last time.</summary>
internal sealed class DurationTimer(IEnumerable<ITallied> tallied, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        HandOver();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            HandOver();
    }

    private void HandOver()
    {
        foreach (var one in tallied)
            one.HandOver();
    }
}
