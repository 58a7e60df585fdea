using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using CalGateway.Configuration;
using CalGateway.Management.Page;

namespace CalGateway.Management;

/// <summary>
/// A server of its own for operators, with its own pipeline: nothing of it can be reached through the public listener,
/// whatever a path, a host header or a proxy in front says, and it costs a public request nothing.
/// </summary>
internal sealed class ManagementListener(IServiceProvider gateway, Revisions revisions) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens; null where it is switched off.</summary>
    public Uri? Address => _app is { Urls.Count: > 0 } ? new Uri(_app.Urls.First()) : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var url = revisions.Current.Options<ManagementOptions>().Url;
        if (url.Length == 0)
            return;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(gateway.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton(new ActivitySource("CalGateway.Management")); // not among the traces of callers
        builder.Services.AddSingleton<IMeterFactory, OperatorMeters>();

        _app = builder.Build();
        _app.UsePageHeaders();
        _app.UseLoopbackGuard();
        _app.UseRouting();
        _app.Use((context, next) => context.GetEndpoint() is null ? ManagementExtensions.NotFoundAsync(context) : next(context));
        _app.MapGroup("").MapManagement(gateway);
        await ListenAsync(_app, url, cancellationToken);
    }

    private static async Task ListenAsync(WebApplication app, string url, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or SocketException or InvalidOperationException)
        {
            throw new StartupException(
                $"The management listener could not listen on {url}: {failure.Message} Choose another address with CalGateway:Management:Url " +
                "(CalGateway__Management__Url in the environment), or switch it off with an empty one.", failure);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
