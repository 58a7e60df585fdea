using CalGateway.Commands.Running;
using CalGateway.Configuration;
using CalGateway.Envelope;
using CalGateway.Sandbox;
using CalGateway.Telemetry;

namespace CalGateway.Commands;

/// <summary>The verb <c>run</c>: serves until a signal stops it. Exit code 0 after a clean stop, 1 if it could not start.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan CollectionDelay = TimeSpan.FromSeconds(2);

    public static async Task<int> ExecuteAsync(Launch launch, CancellationToken cancellation)
    {
        if (ProcessLimits.Warning() is { } warning)
            await StandardStreams.TryWarnAsync($"calgateway: {warning}");

        try
        {
            await using var sandbox = launch.Sandbox ? await SandboxHost.StartAsync(new SandboxOptions { RateLimit = launch.SandboxRateLimit }, cancellation) : null;
            await using var app = Build(launch with { SandboxHost = sandbox });
            await StartAsync(app, launch.Addresses, cancellation);
            using var supervision = Supervision.Of(app);
            await Banner.ShowAsync(app, sandbox);
            using var collection = new Timer(_ => CollectGarbageOfStart(), null, CollectionDelay, Timeout.InfiniteTimeSpan);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (StartupException failure)
        {
            await StandardStreams.TryWarnAsync($"calgateway: {failure.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 0; // stopped before it served
        }
    }

    /// <summary>
    /// A start leaves much garbage, and an idle gateway allocates too little to have it collected. It runs two seconds later, so that the first requests do
    /// not wait for it.
    /// </summary>
    private static void CollectGarbageOfStart() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <param name="adjust">Lets tests add recorders or their own clock.</param>
    /// <exception cref="StartupException">The settings are refused, or the pipeline or YARP's endpoints cannot be built; the message says why in a few lines, without a stack trace.</exception>
    public static WebApplication Build(Launch launch, Action<WebApplicationBuilder>? adjust = null)
    {
        try
        {
            var app = Create(launch, adjust);
            var telemetry = app.Services.PrepareTelemetryAsync();
            app.UseCalGateway();
            telemetry.GetAwaiter().GetResult();
            return app;
        }
        catch (Exception failure) when (failure is not StartupException)
        {
            if (SettingsReview.Of(launch) is { Revision: null } review)
                throw new StartupException(review.Refusal, failure);
            var file = failure is InvalidDataException ? $"{failure.Message} " : ""; // appsettings.json
            throw new StartupException($"The gateway cannot be made ready: {file}{RevisionRejectedException.Innermost(failure)}", failure);
        }
    }

    private static WebApplication Create(Launch launch, Action<WebApplicationBuilder>? adjust)
    {
        EmbeddedTables.ReadAhead();
        var judged = Task.Run(() => FirstRevision.Of(launch));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"], // yarp.json has a watcher of its own; to watch appsettings.json as well takes time at the start
        });
        var passed = PassedSockets.Descriptors(launch.Environment);
        var addresses = Listening.Served(launch.Urls, builder.Configuration, PassedSockets.Addresses(launch.Environment));
        UseAddresses(builder, passed.Count > 0 ? [] : Listening.BesideEndpoints(launch.Urls, builder.Configuration));
        foreach (var descriptor in passed)
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)descriptor));
        builder.WebHost.ConfigureKestrel(Listening.Configure);
        builder.AddCertificates();
        var first = addresses.SequenceEqual(launch.Addresses)
            ? judged
            : Task.Run(() => FirstRevision.Of(launch with { Addresses = addresses })); // an appsettings.json names others
        builder.AddCalGateway(launch, first);
        adjust?.Invoke(builder);
        return builder.Build();
    }

    /// <summary><paramref name="addresses"/> contain HTTP_PORTS and HTTPS_PORTS; these are emptied, because ASP.NET Core would warn that they are overridden.</summary>
    private static void UseAddresses(WebApplicationBuilder builder, IEnumerable<string> addresses)
    {
        builder.Configuration["HTTP_PORTS"] = builder.Configuration["HTTPS_PORTS"] = "";
        builder.WebHost.UseUrls([.. addresses]);
    }

    private static async Task StartAsync(WebApplication app, IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (StartupException)
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
        catch (Exception failure) when (ListenFailure.Is(failure))
        {
            await app.StopAsync(CancellationToken.None);
            throw new StartupException($"Could not listen{Reason(ListenFailure.Of(failure), string.Join(", ", addresses))}", failure);
        }
    }

    private static string Reason(ListenFailure failure, string addresses) => failure switch
    {
        { IsInUse: true } => $". {failure.Reason} Stop what is listening there, or choose another address with --urls.",
        { IsOfSystem: true } => $" on {addresses}: {failure.Reason} Choose another address with --urls.",
        _ => $". {failure.Reason}",
    };
}
