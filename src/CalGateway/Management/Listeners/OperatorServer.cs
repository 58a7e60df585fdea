using System.Diagnostics;
using System.Diagnostics.Metrics;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Envelope;

namespace CalGateway.Management.Listeners;

/// <summary>
/// A web server with a pipeline of its own. Nothing of it can be reached through the public listener, whatever the path or the Host header, and it adds no
/// work to public requests.
/// </summary>
internal static class OperatorServer
{
    /// <summary>How long a stop waits for running requests; the event stream ends by itself.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

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

    /// <param name="failed">The beginning of the error message.</param>
    /// <param name="setting">The setting that names the address.</param>
    /// <param name="cancellation">Cancels the start.</param>
    public static async Task ListenAsync(WebApplication app, string failed, string setting, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (ListenFailure.Is(failure))
        {
            throw new StartupException(
                $"{failed}: {ListenFailure.Of(failure).Reason} Choose another address with {setting} " +
                $"({Setting.VariableOf(setting)} in the environment), or switch it off with an empty one.", failure);
        }
    }

    /// <summary>Waits only briefly: a slow client must not delay the stop.</summary>
    public static async Task StopAsync(WebApplication? app, CancellationToken cancellation)
    {
        if (app is null)
            return;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StopTimeout);
        await app.StopAsync(timeout.Token);
    }
}
