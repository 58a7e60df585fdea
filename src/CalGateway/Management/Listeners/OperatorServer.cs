using System.Diagnostics;
using System.Diagnostics.Metrics;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Envelope;
using CalGateway.Pages;

namespace CalGateway.Management.Listeners;

/// <summary>A web server with a pipeline of its own: nothing of it can be reached through the public listener, and it adds no work there.</summary>
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
        var app = builder.Build();
        app.Use((context, next) =>
        {
            PageFile.Protect(context.Response.Headers);
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        return app;
    }

    /// <param name="otherwise">The answer where there is no endpoint.</param>
    public static void UseRouting(WebApplication app, string otherwise)
    {
        app.UseRouting();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is not null)
                return next(context);

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync(otherwise);
        });
    }

    /// <param name="failed">The beginning of the error message.</param>
    /// <param name="setting">The setting that names the address.</param>
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

    /// <summary>Ignores signals: the gateway's own host handles them and stops this one.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
