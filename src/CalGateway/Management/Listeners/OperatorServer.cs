using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using CalGateway.Configuration;

namespace CalGateway.Management.Listeners;

/// <summary>
/// A server of its own, with its own pipeline: nothing of it can be reached through the public listener, whatever a path, a host header or a proxy in
/// front says, and it costs a public request nothing.
/// </summary>
internal static class OperatorServer
{
    /// <summary>Nothing that operators ask takes longer, and the status page's events end with the gateway.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(2);

    public static WebApplication Create(string url, IServiceProvider gateway)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(gateway.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton(new ActivitySource("CalGateway.Management")); // not among the traces of callers
        builder.Services.AddSingleton<IMeterFactory, OperatorMeters>();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        return builder.Build();
    }

    /// <param name="app">The server.</param>
    /// <param name="failed">What is said where it cannot.</param>
    /// <param name="setting">The setting that names the address.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task ListenAsync(WebApplication app, string failed, string setting, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or SocketException or InvalidOperationException)
        {
            throw new StartupException(
                $"{failed}: {failure.Message} Choose another address with {setting} " +
                $"({setting.Replace(":", "__", StringComparison.Ordinal)} in the environment), or switch it off with an empty one.", failure);
        }
    }

    /// <summary>Whoever does not read what it is sent, or does not send what it has begun, is not waited for.</summary>
    public static async Task StopAsync(WebApplication? app, CancellationToken cancellation)
    {
        if (app is null)
            return;

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LongestStop);
        await app.StopAsync(patience.Token);
    }
}
