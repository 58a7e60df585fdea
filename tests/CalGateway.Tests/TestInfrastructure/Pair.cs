using System.Text;
using CalGateway.Sandbox;
using Microsoft.AspNetCore.Builder;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A gateway in front of a sandbox of its own, and a client.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(SandboxHost sandbox, GatewayFixture gateway)
    {
        Sandbox = sandbox;
        Gateway = gateway;
        Caller = gateway.CreateClient();
    }

    public SandboxHost Sandbox { get; }

    public GatewayFixture Gateway { get; }

    public HttpClient Caller { get; }

    public static async Task<Pair> StartAsync(
        SandboxOptions? options = null, string? credential = null, string? settings = null,
        IReadOnlyDictionary<string, string?>? environment = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var sandbox = await SandboxHost.StartAsync(options, TestContext.Current.CancellationToken);
        try
        {
            return new Pair(sandbox, await GatewayFixture.StartAsync(sandbox, credential, settings, environment, adjust));
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    /// <param name="method">The method.</param>
    /// <param name="path">The path with its query.</param>
    /// <param name="json">The body; null for none.</param>
    /// <param name="headers">Further headers, sent without validation.</param>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        return await Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends one request byte for byte, on a connection of its own.</summary>
    public Task<string> AskRawAsync(string request) => RawConnection.AskAsync(Gateway.Address, request);

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await Gateway.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
