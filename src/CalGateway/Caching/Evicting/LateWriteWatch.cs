namespace CalGateway.Caching.Evicting;

/// <summary>Doubts the lists of late writes once more, when these have most likely been carried out or never will be.</summary>
internal sealed class LateWriteWatch(LateWrites writes, Evictions evictions) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var tag in writes.DueAsync(stoppingToken))
            await evictions.DoubtAsync(tag);
    }
}
