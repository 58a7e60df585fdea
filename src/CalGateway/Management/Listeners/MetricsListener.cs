using CalGateway.Access;
using CalGateway.Configuration;
using CalGateway.Telemetry;

namespace CalGateway.Management.Listeners;

/// <summary>A listener for <c>/metrics</c> alone: a Prometheus on another machine can reach it, and nothing else of management.</summary>
internal sealed class MetricsListener(IServiceProvider gateway, Revisions revisions) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>The address; null where the listener is switched off.</summary>
    public Uri? Address => _app is { Urls.Count: > 0 } ? new Uri(_app.Urls.First()) : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var url = revisions.Current.Options<MetricsOptions>().Url;
        if (url.Length == 0)
            return;

        _app = OperatorServer.Create(url, gateway);
        if (ExposureGuard.IsLoopback(url))
            _app.UseLoopbackGuard();
        OperatorServer.UseRouting(_app, otherwise: "Nothing is here but /metrics.\n");
        _app.MapMetrics(gateway);
        await OperatorServer.ListenAsync(_app, $"The metrics listener could not listen on {url}", "CalGateway:Metrics:Url", cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => OperatorServer.StopAsync(_app, cancellationToken);

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
