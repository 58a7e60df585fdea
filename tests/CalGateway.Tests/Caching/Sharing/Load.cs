using System.Net;
using System.Text;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>Four callers of each gateway with hits, misses and writes, until the first answer that is not right.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Lanes = 4;

    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<Task> _lanes;
    private int _answered;

    public Load(params GatewayFixture[] gateways) =>
        _lanes = [.. gateways.SelectMany(gateway => Enumerable.Range(0, Lanes).Select(lane => CallAsync(gateway, lane)))];

    /// <summary>Waits until as many more are answered as make sure that each kind was among them.</summary>
    public async Task GoesOnAsync()
    {
        var before = Volatile.Read(ref _answered);
        await Eventually.TrueAsync(
            () => Volatile.Read(ref _answered) >= before + (_lanes.Count * 5) || _lanes.Exists(lane => lane.IsCompleted), "the load goes on", TimeSpan.FromSeconds(30));
        await Task.WhenAll(_lanes.Where(lane => lane.IsFaulted));
    }

    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_lanes);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task CallAsync(GatewayFixture gateway, int lane)
    {
        using var caller = gateway.CreateClient();
        for (var count = 0; !_over.IsCancellationRequested; count++)
        {
            using var answer = await caller.GetAsync($"{CacheScene.List}?take={lane}{count % 50}");
            await RightAsync(gateway, answer);
            if (count % 5 != 0)
                continue;

            using var rename = new StringContent($$"""{"title":"{{lane}} {{count}}"}""", Encoding.UTF8, "application/json");
            using var written = await caller.PatchAsync(CacheScene.List + "/3928133", rename);
            await RightAsync(gateway, written);
        }
    }

    /// <summary>A failure is told with what the gateway had to say of it.</summary>
    private async Task RightAsync(GatewayFixture gateway, HttpResponseMessage answer)
    {
        Interlocked.Increment(ref _answered);
        if (answer.StatusCode == HttpStatusCode.OK)
            return;

        var log = gateway.Logs.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);
        Assert.Fail($"{(int)answer.StatusCode} to {answer.RequestMessage!.Method}: {answer}\n{await answer.Content.ReadAsStringAsync()}\n{string.Join('\n', log)}");
    }
}
