namespace CalGateway.Management.Listeners;

/// <summary>A host lifetime that ignores signals: the gateway's own host handles them and stops this one.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
