using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Caching;

/// <summary>A gateway and a sandbox whose clock stands still until it is told to move, and a caller.</summary>
internal sealed class CacheScene : IAsyncDisposable
{
    public const string List = "/calcom/v2/event-types";
    public const string UpstreamList = "/v2/event-types";

    private CacheScene(SandboxHost sandbox, GatewayFixture gateway, FakeTimeProvider clock)
    {
        Sandbox = sandbox;
        Gateway = gateway;
        Clock = clock;
        Caller = gateway.CreateClient();
    }

    public SandboxHost Sandbox { get; private set; }

    public GatewayFixture Gateway { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Caller { get; }

    /// <summary>How often the list was asked of Cal.com.</summary>
    public int Asked => Sandbox.Requests.For("GET", UpstreamList).Count;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="settings">The text of yarp.json; the shipped one by default.</param>
    /// <param name="realClock">For what waits for a timer while the test waits for an answer.</param>
    public static async Task<CacheScene> OpenAsync(
        string? settings = null, bool realClock = false, IReadOnlyDictionary<string, string?>? environment = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings, environment: environment, adjust: builder =>
        {
            if (!realClock)
                builder.Services.AddSingleton<TimeProvider>(clock);
            adjust?.Invoke(builder);
        });
        return new CacheScene(sandbox, gateway, clock);
    }

    /// <summary>Asks, and reads the answer to its end.</summary>
    public async Task<Reply> GetAsync(string path = List, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, headers);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Caller.SendAsync(request, Cancellation);
        return await Reply.ReadAsync(answer);
    }

    public async Task<Reply> WriteAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        return await SendAsync(request);
    }

    /// <summary>Cal.com goes down; its address stays.</summary>
    public Task StopUpstreamAsync() => Sandbox.StopAsync();

    /// <summary>Cal.com comes back where it was.</summary>
    public async Task RestartUpstreamAsync()
    {
        var options = new SandboxOptions { Url = Sandbox.BaseAddress.AbsoluteUri, ApiKey = Sandbox.ApiKey };
        await Sandbox.DisposeAsync();
        Sandbox = await SandboxHost.StartAsync(options, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await Gateway.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
