using CalGateway.Telemetry;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>Marks the lists of late writes as uncertain once more, when Cal.com is most likely done with the writes.</summary>
internal sealed class LateWriteWatch(
    LateWrites writes, Evictions evictions, TimeProvider clock, WatchMetrics metrics, ILogger<LateWriteWatch> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("late writes", clock, metrics, logger).EachAsync(writes.DueAsync(stoppingToken), evictions.MarkUncertainAsync, stoppingToken);
}
