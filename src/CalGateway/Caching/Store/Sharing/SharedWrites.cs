using System.Threading.Channels;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Journey.Callers;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>Writes newly stored answers to Redis in the background. Only keys are queued, so that the queue keeps no evicted answer alive.</summary>
internal sealed class SharedWrites(
    RedisConnections connections, SharedAnswers shared, SharedTransfers transfers, AnswerTable table, TimeProvider clock, WatchMetrics metrics,
    ILogger<SharedWrites> logger)
    : BackgroundService
{
    /// <summary>Limits the queue. If it is full, Redis is slower than Cal.com, and further answers are not shared.</summary>
    private const int MaxQueued = 10_000;

    /// <summary>Limits concurrent writes; several at once make up for the latency of a distant Redis.</summary>
    private const int MaxConcurrent = 16;

    /// <summary>How long the end of the gateway waits for the answers that are still queued.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <param name="lifetime">For how long after it was stored the answer may be used.</param>
    public void Add(string key, TimeSpan lifetime, Signature account)
    {
        if (connections.IsWanted)
            _waiting.Writer.TryWrite(new Waiting(key, lifetime, account));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(StopTimeout, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => connections.IsWanted
        ? Task.WhenAll(Enumerable.Range(0, MaxConcurrent).Select(_ => WriteAsync(stoppingToken)))
        : Task.CompletedTask;

    private Task WriteAsync(CancellationToken stopping) => new Watch("shared answers", clock, metrics, logger).EachAsync(
        _waiting.Reader.ReadAllAsync(stopping),
        answer => table.Find(answer.Key)?.Body.Plain.Body.Length is { } bytes
            ? transfers.RunAsync(bytes, timeout => WriteAsync(answer.Key, answer.Lifetime, answer.Account, timeout), stopping)
            : Task.CompletedTask,
        stopping);

    private Task WriteAsync(string key, TimeSpan lifetime, Signature account, TimeSpan timeout) =>
        table.Find(key) is { IsUncertain: false } answer ? shared.PutAsync(answer, table.AgeOf(answer), lifetime, account, timeout) : Task.CompletedTask;

    private sealed record Waiting(string Key, TimeSpan Lifetime, Signature Account);
}
