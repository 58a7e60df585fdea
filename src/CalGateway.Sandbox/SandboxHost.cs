using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Control;
using CalGateway.Sandbox.Edge;
using CalGateway.Sandbox.Faulting;
using CalGateway.Sandbox.Hosting;
using CalGateway.Sandbox.Recording;
using CalGateway.Sandbox.Serving;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CalGateway.Sandbox;

/// <summary>
/// A stand-in for https://api.cal.com with one account in memory, silent and self-contained, so that it can run inside
/// another program. It records what arrives and obeys faults, through this type or through <c>/_sandbox</c> on its listener.
/// </summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SandboxOptions options;
    private readonly CalComServer calCom;
    private readonly ControlSurface control;
    private readonly FaultActor actor;
    private readonly EdgeWriter writer;

    private SandboxHost(SandboxOptions options)
    {
        this.options = options;
        app = Build(Listening.UrlOf(options));
        calCom = new CalComServer(options, new Account(options));
        control = new ControlSurface(Requests, Faults);
        writer = new EdgeWriter(new EdgeHeaders(options.TimeProvider));
        actor = new FaultActor(writer, options.TimeProvider, app.Lifetime.ApplicationStopping);
        app.Run(AnswerAsync);
    }

    /// <summary>Where it listens, with the real port and the base path.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    public string ApiKey => options.ApiKey;

    public RequestLog Requests { get; } = new();

    public Faults Faults { get; } = new();

    /// <summary>How many requests of its key came in each window of the rate limit, in order: those that passed, and those that got 429.</summary>
    public IReadOnlyList<(int Passed, int Refused)> RateLimitWindows => calCom.WindowsOf(ApiKey);

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxHost> StartAsync(SandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        var host = new SandboxHost(options ?? new SandboxOptions());
        try
        {
            await host.app.StartAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        host.BaseAddress = host.FindAddress();
        return host;
    }

    /// <summary>Stops listening and ends hanging requests; another sandbox can then start at the same URL.</summary>
    public Task StopAsync() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static WebApplication Build(Uri url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listening.Configure(kestrel, url));
        builder.Services.AddQuietTelemetry();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    /// <summary>The stages of a request, in order.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        var arrived = await RequestReader.ReadAsync(context, options.TimeProvider);
        var request = CalComRequest.From(arrived, context, options.BasePath);

        if (ControlSurface.IsFor(request, context))
        {
            await control.AnswerAsync(request, context);
            return;
        }

        Requests.Add(arrived);

        if (Faults.Strike(request.Method, request.Path) is { } fault)
            await actor.ActAsync(fault, context, request, calCom);
        else
            await writer.WriteAsync(context, calCom.Answer(request));
    }

    private Uri FindAddress()
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        var asked = Listening.UrlOf(options);
        return new UriBuilder(asked) { Port = new Uri(bound).Port, Path = options.BasePath }.Uri;
    }
}
