using System.Threading.Channels;
using CalGateway.Caching.Entries;
using CalGateway.Journey;

namespace CalGateway.Caching.Sharing;

/// <summary>Lets the other gateways have what was stored, behind the callers' backs. Only keys wait here: what is evicted meanwhile is kept alive by nobody.</summary>
internal sealed class SharedWrites(RedisLink link, SharedAnswers shared, SharedTransfers transfers, AnswerTable table) : BackgroundService
{
    /// <summary>Beyond it, answers are not shared: Redis is slower than Cal.com.</summary>
    private const int MostWaiting = 10_000;

    /// <summary>So that a Redis that is far away can be told more than one at a time.</summary>
    private const int MostAtOnce = 16;

    private readonly Channel<(string Key, TimeSpan Life, Signature Account)> _waiting = Channel.CreateBounded<(string, TimeSpan, Signature)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <param name="key">Of the answer that was stored.</param>
    /// <param name="life">For how long after it was stored it is of use.</param>
    /// <param name="account">Whose the answer is.</param>
    public void Add(string key, TimeSpan life, Signature account)
    {
        if (link.IsWanted)
            _waiting.Writer.TryWrite((key, life, account));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => link.IsWanted
        ? Task.WhenAll(Enumerable.Range(0, MostAtOnce).Select(_ => WriteAsync(stoppingToken)))
        : Task.CompletedTask;

    private async Task WriteAsync(CancellationToken stopping)
    {
        await foreach (var (key, life, account) in _waiting.Reader.ReadAllAsync(stopping))
        {
            if (table.Find(key)?.Body.Plain.ContentLength is { } bytes)
                await transfers.RunAsync(bytes, patience => WriteAsync(key, life, account, patience), stopping);
        }
    }

    private Task WriteAsync(string key, TimeSpan life, Signature account, TimeSpan patience) =>
        table.Find(key) is { IsDoubted: false } answer ? shared.PutAsync(answer, table.AgeOf(answer), life, account, patience) : Task.CompletedTask;
}
