namespace CalGateway.Caching.Store.Evicting;

/// <summary>Marks the lists of late writes as uncertain once more, when Cal.com is most likely done with the writes.</summary>
internal sealed class LateWriteWatch(LateWrites writes, Evictions evictions) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var tag in writes.DueAsync(stoppingToken))
            await evictions.MarkUncertainAsync(tag);
    }
}
