using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Health;

/// <summary>Probes, as orchestrators send them.</summary>
public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task A_kubelets_probe_is_answered_whatever_hosts_are_allowed_and_whoever_may_call(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, urls: "http://0.0.0.0:0",
            settings: AccessSettings.ApiKey(),
            adjust: builder => builder.Configuration["AllowedHosts"] = "cal.example.com;*.internal.example");
        using var kubelet = new HttpClient { BaseAddress = new Uri($"http://{AddressOfThisMachine()}:{gateway.Address.Port}") };

        using var probe = await kubelet.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        Assert.Contains("HTTP/1.1 200", await RawConnection.AskAsync(gateway.Address, $"GET {path} HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);

        foreach (var (host, status) in new[] { ("10.1.2.3:8080", 400), ("cal.example.com", 401), ("pod.internal.example:8080", 401), ("internal.example", 400) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/me") { Headers = { Host = host } };
            using var answer = await kubelet.SendAsync(request, Cancellation);
            Assert.Equal((host, status), (host, (int)answer.StatusCode));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task Operators_listener_answers_probes_too(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var probe = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.ManagementAddress, path)) { Headers = { Host = "10.1.2.3:5081" } };

        using var answer = await probe.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>One that is not loopback, where there is one.</summary>
    private static IPAddress AddressOfThisMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;
}
