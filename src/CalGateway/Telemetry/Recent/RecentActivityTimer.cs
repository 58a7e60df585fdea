namespace CalGateway.Telemetry.Recent;

/// <summary>Ends a bucket every ten seconds.</summary>
internal sealed class RecentActivityTimer(RecentActivity activity, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RecentActivity.BucketLength, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            activity.EndBucket();
    }
}
