namespace CalGateway.Management.Listeners;

/// <summary>Leaves signals to the gateway, whose listener it is: a host's own lifetime would take them for itself.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
