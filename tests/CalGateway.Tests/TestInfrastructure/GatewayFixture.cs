using System.Net;
using CalGateway.Commands;
using CalGateway.Management.Listeners;
using CalGateway.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// The gateway as shipped, on a real loopback socket, with a settings file of its own that the test may edit.
/// </summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private GatewayFixture(WebApplication app, DirectoryInfo folder, LogRecorder logs, SpanRecorder spans)
    {
        _app = app;
        _folder = folder;
        Logs = logs;
        Spans = spans;
        Address = new Uri(app.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
    }

    public Uri Address { get; }

    /// <summary>The address of the management listener.</summary>
    public Uri ManagementAddress => Services.GetRequiredService<ManagementListener>().Address!;

    /// <summary>Of the listener that has the metrics alone; null where there is none.</summary>
    public Uri? MetricsAddress => Services.GetRequiredService<MetricsListener>().Address;

    public LogRecorder Logs { get; }

    public SpanRecorder Spans { get; }

    public IServiceProvider Services => _app.Services;

    public string SettingsPath => Path.Combine(_folder.FullName, "yarp.json");

    /// <summary>The settings file as it is in the repository.</summary>
    public static string ShippedSettings => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "yarp.json"));

    /// <param name="sandbox">The upstream; its key is the gateway's unless <paramref name="credential"/> is given.</param>
    /// <param name="credential">Another key, which the sandbox may not accept.</param>
    /// <param name="settings">The text of yarp.json; the shipped one by default.</param>
    /// <param name="environment">Environment variables to add or replace.</param>
    /// <param name="adjust">Services to add or replace.</param>
    /// <param name="urls">Where to listen.</param>
    public static Task<GatewayFixture> StartAsync(
        SandboxHost sandbox, string? credential = null, string? settings = null,
        IReadOnlyDictionary<string, string?>? environment = null, Action<WebApplicationBuilder>? adjust = null,
        string urls = AnyPort) =>
        StartAsync(sandbox.BaseAddress, credential ?? sandbox.ApiKey, settings, environment, adjust, urls);

    /// <summary>Starts it with an upstream that is not the sandbox.</summary>
    public static async Task<GatewayFixture> StartAsync(
        Uri upstream, string credential = "cal_test_the_gateways_own", string? settings = null,
        IReadOnlyDictionary<string, string?>? environment = null, Action<WebApplicationBuilder>? adjust = null,
        string urls = AnyPort)
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var path = Path.Combine(folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(path, settings ?? ShippedSettings);

        var variables = new Dictionary<string, string?>
        {
            ["CALCOM_BASE_URL"] = upstream.AbsoluteUri,
            ["CALCOM_API_KEY"] = credential,
            ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            variables[name] = value;

        var logs = new LogRecorder();
        var app = RunCommand.Build(new Launch(path, Sandbox: false, urls, variables), builder =>
        {
            builder.Logging.ClearProviders().AddProvider(logs);
            adjust?.Invoke(builder);
        });
        var spans = new SpanRecorder(app.Services);
        await app.StartAsync();
        return new GatewayFixture(app, folder, logs, spans);
    }

    /// <summary>A client that follows no redirects, keeps no cookies and does not decompress.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Overwrites the file in place, as an editor does.</summary>
    public void Edit(Func<string, string> change) => File.WriteAllText(SettingsPath, change(File.ReadAllText(SettingsPath)));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Spans.Dispose();
        _folder.Delete(recursive: true);
    }
}
