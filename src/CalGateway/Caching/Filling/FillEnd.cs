namespace CalGateway.Caching.Filling;

/// <summary>
/// When the gateway stops, waits for the fills that are still in flight, so that their answers reach other gateways. No caller waits any more by then, because
/// the host stops its listeners first.
/// </summary>
internal sealed class FillEnd(Fills fills, TimeProvider clock) : IHostedService
{
    /// <summary>How long cancelled fills have to end.</summary>
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var idle = fills.WhenIdleAsync();
        await idle.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        fills.Cancel();
        await Task.WhenAny(idle, Task.Delay(CancelTimeout, clock, CancellationToken.None));
    }
}
