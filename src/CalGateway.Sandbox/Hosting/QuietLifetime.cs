namespace CalGateway.Sandbox.Hosting;

/// <summary>Leaves Ctrl+C and the other signals to the process that embeds the sandbox.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
