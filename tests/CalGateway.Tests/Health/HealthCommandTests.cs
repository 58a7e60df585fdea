using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CalGateway.Commands;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Health;

/// <summary>The verb that an image without a shell asks with.</summary>
public sealed class HealthCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:{0}", "")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:{0}", "")]
    [InlineData("HTTP_PORTS", "{0}", "Anonymous")]
    [InlineData("Kestrel__Endpoints__Public__Url", "http://127.0.0.1:{0}", "")]
    public async Task It_finds_the_gateway_by_the_settings_that_the_gateway_was_started_with(string name, string form, string mode)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var value = form.Replace("{0}", FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var variables = new Dictionary<string, string>
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri, ["CalGateway__Management__Url"] = "",
        };
        if (mode.Length > 0)
            variables["CalGateway__Access__Mode"] = mode;
        string[] arguments = name == "--urls" ? [name, value] : [];
        if (name != "--urls")
            variables[name] = value;

        await using (var before = GatewayProcess.Start(["health", .. arguments], variables))
        {
            Assert.Equal(1, await before.ExitAsync());
            Assert.Matches(@"^calgateway: not ready: \S+ does not answer \(ConnectionError\)\.$", before.Errors);
            Assert.Empty(before.Output);
        }

        await using var gateway = GatewayProcess.Start(["run", .. arguments], variables);
        await gateway.BannerAsync();
        await using var health = GatewayProcess.Start(["health", .. arguments], variables);

        Assert.Equal((0, "ready", ""), (await health.ExitAsync(), health.Output, health.Errors));
    }

    [Fact]
    public async Task A_gateway_at_a_socket_file_is_asked_there()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-socket-");
        try
        {
            var url = $"http://unix:{folder.FullName}/gateway.sock";
            await using var gateway = GatewayProcess.Start(["--sandbox", "--urls", url], new Dictionary<string, string> { ["CalGateway__Management__Url"] = "" });
            await gateway.BannerAsync();

            Assert.Equal(0, await HealthCommand.ExecuteAsync([url], Cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Another_program_at_the_address_is_no_gateway()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);

        Assert.Equal(1, await HealthCommand.ExecuteAsync([sandbox.BaseAddress.GetLeftPart(UriPartial.Authority)], Cancellation));
    }

    [Fact]
    public async Task What_never_answers_is_not_ready_within_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var watch = Stopwatch.StartNew();

        Assert.Equal(1, await HealthCommand.ExecuteAsync([$"http://{silent.LocalEndpoint}"], Cancellation));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_address_without_a_port_to_ask_at_is_told() =>
        Assert.Equal(1, await HealthCommand.ExecuteAsync(["http://127.0.0.1:0", "nonsense"], Cancellation));
}
