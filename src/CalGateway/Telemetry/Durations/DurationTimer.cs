namespace CalGateway.Telemetry.Durations;

/// <summary>Tells durations every second, and once more at the end, before what was measured is exported for the last time.</summary>
internal sealed class DurationTimer(RequestDurations durations, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        durations.HandOver();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            durations.HandOver();
    }
}
