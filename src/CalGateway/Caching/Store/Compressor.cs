using System.Threading.Channels;
using CalGateway.Caching.Plans;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Store;

/// <summary>
/// Compresses large stored answers in the background, one at a time; until then callers are sent the plain form. The queue holds only keys, so that it does not
/// keep evicted answers in memory.
/// </summary>
internal sealed class Compressor(
    AnswerTable table, TimeProvider clock, WatchMetrics metrics, ILogger<Compressor> logger) : BackgroundService
{
    /// <summary>Limits the queue. Answers beyond the limit stay plain until they are stored again.</summary>
    private const int MaxQueued = 10_000;

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Add(StoredAnswer answer, CacheOptions limits)
    {
        if (!answer.Body.IsComplete)
            _waiting.Writer.TryWrite(new Waiting(answer.Key, limits));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new Watch("compression", clock, metrics, logger).EachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), CompressAsync, stoppingToken);

    private Task CompressAsync(Waiting stored)
    {
        if (table.Find(stored.Key) is { Body: { IsComplete: false } plain } answer)
            table.AddForms(answer, plain.Completed(), stored.Limits);
        return Task.CompletedTask;
    }

    private sealed record Waiting(string Key, CacheOptions Limits);
}
