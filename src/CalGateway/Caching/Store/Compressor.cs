using System.Threading.Channels;
using CalGateway.Caching.Plans;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Store;

/// <summary>
/// Compresses large stored answers in the background, one at a time; until then callers are sent the plain form. Only keys are queued, so that the queue
/// keeps no evicted answer alive.
/// </summary>
internal sealed class Compressor(
    AnswerTable table, TimeProvider clock, WatchMetrics metrics, ILogger<Compressor> logger) : BackgroundService
{
    /// <summary>Limits the queue. Answers beyond it stay plain until they are stored anew.</summary>
    private const int MostWaiting = 10_000;

    private readonly Channel<(string Key, CacheOptions Limits)> _waiting = Channel.CreateBounded<(string, CacheOptions)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Add(StoredAnswer answer, CacheOptions limits)
    {
        if (!answer.Body.IsComplete)
            _waiting.Writer.TryWrite((answer.Key, limits));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("compression", clock, metrics, logger).EachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), CompressAsync, stoppingToken);

    private Task CompressAsync((string Key, CacheOptions Limits) stored)
    {
        if (table.Find(stored.Key) is { Body: { IsComplete: false } plain } answer)
            table.Add(answer, plain.Completed(), stored.Limits);
        return Task.CompletedTask;
    }
}
