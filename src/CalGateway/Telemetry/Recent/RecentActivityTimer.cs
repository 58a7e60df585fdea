namespace CalGateway.Telemetry.Recent;

/// <summary>Ends a bucket every ten seconds.</summary>
internal sealed class RecentActivityTimer(RecentActivity activity, TimeProvider clock, WatchMetrics metrics, ILogger<RecentActivityTimer> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("recent activity", clock, metrics, logger).EveryAsync(RecentActivity.BucketLength, activity.EndBucket, stoppingToken);
}
