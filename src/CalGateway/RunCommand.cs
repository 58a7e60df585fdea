using CalGateway.Sandbox;
using CalGateway.Envelope;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CalGateway;

/// <summary>The verb <c>run</c>: serves until it is told to stop. Exit code 0 after a clean stop, 1 if it could not start.</summary>
internal static class RunCommand
{
    public static async Task<int> ExecuteAsync(Launch launch, CancellationToken cancellation)
    {
        try
        {
            await using var sandbox = launch.Sandbox ? await SandboxHost.StartAsync(cancellationToken: cancellation) : null;
            await using var app = Build(launch with { SandboxHost = sandbox });
            await StartAsync(app, cancellation);
            await Console.Out.WriteLineAsync(Banner.For(app, sandbox));
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (StartupException failure)
        {
            await Console.Error.WriteLineAsync($"calgateway: {failure.Message}");
            return 1;
        }
    }

    public static WebApplication Build(Launch launch)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(launch.Urls ?? builder.Configuration["URLS"] ?? Launch.DefaultUrl);
        builder.WebHost.ConfigureKestrel(Listening.Configure);
        return builder.AddCalGateway(launch).Build().UseCalGateway();
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            throw new StartupException($"{failure.Message} Stop what is listening there, or choose another address with --urls.", failure);
        }
        catch (Exception failure) when (failure is FormatException or IOException or System.Net.Sockets.SocketException)
        {
            throw new StartupException($"Could not listen: {failure.Message}", failure);
        }
    }
}
