using CalGateway.Access;
using CalGateway.Configuration;
using CalGateway.Management.Tokens;

namespace CalGateway.Management.Listeners;

/// <summary>The listener for operators. On loopback it serves this machine only; where other machines can reach it, it requires the token.</summary>
internal sealed class ManagementListener(IServiceProvider gateway, Revisions revisions, Action<IEndpointRouteBuilder> health) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly PathString Health = "/healthz";

    private WebApplication? _app;
    private Task _listening = Task.CompletedTask;

    /// <summary>The address; null where the listener is switched off.</summary>
    public Uri? Address => _app is { Urls.Count: > 0 } ? new Uri(_app.Urls.First()) : null;

    /// <summary>Starts on another thread, so that callers do not wait for it. The host has started once <see cref="StartedAsync"/> has awaited both.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = Task.Run(() => ListenAsync(cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => _listening;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var url = revisions.Current.Options<ManagementOptions>().Url;
        if (url.Length == 0)
            return;

        _app = OperatorServer.Create(url, gateway);
        _app.UseWhen(context => !context.Request.Path.StartsWithSegments(Health), guarded =>
        {
            if (ExposureGuard.IsLoopback(url))
                guarded.UseLoopbackGuard();
            else
                guarded.UseTokenGuard(revisions);
        });
        OperatorServer.UseRouting(_app, ManagementExtensions.NothingHere);
        health(_app);
        _app.MapGroup("").MapManagement(gateway);
        await OperatorServer.ListenAsync(_app, $"The management listener could not listen on {url}", "CalGateway:Management:Url", cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a start that failed has said why
        await OperatorServer.StopAsync(_app, cancellationToken);
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
