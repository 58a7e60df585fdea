namespace CalGateway.Caching.Filling;

/// <summary>
/// Has the end of the gateway wait for the fills that belong to no caller any more: what they bring is stored where other gateways find it. Callers are
/// gone by then, because the host stops its listeners first.
/// </summary>
internal sealed class FillEnd(Fills fills, TimeProvider clock) : IHostedService
{
    /// <summary>For a fill that was cancelled to notice.</summary>
    private static readonly TimeSpan AfterCancelling = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var idle = fills.WhenIdleAsync();
        await idle.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        fills.Cancel();
        await Task.WhenAny(idle, Task.Delay(AfterCancelling, clock, CancellationToken.None));
    }
}
