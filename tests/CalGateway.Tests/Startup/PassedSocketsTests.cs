using System.Net;
using System.Net.Sockets;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>Sockets that systemd opens and hands over (socket activation).</summary>
public sealed class PassedSocketsTests
{
    private static readonly string Program = string.Join(' ', GatewayProcess.Program);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_caller_waits_for_the_start_and_is_served_whatever_the_addresses_say()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var port = FreePort.Next();
        await using var gateway = Start($"127.0.0.1:{port}", new()
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri, ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort.Next()}",
        });
        await ListeningAsync(gateway);
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        using var answer = await caller.GetAsync("/calcom/v2/event-types", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(caller.BaseAddress, await gateway.ServedAsync());
    }

    [Fact]
    public async Task One_that_other_machines_can_reach_is_refused_in_the_mode_Loopback()
    {
        var port = FreePort.Next();
        await using var gateway = Start($"0.0.0.0:{port}", new() { ["CALCOM_API_KEY"] = "cal_test_never_sent" });
        await ListeningAsync(gateway);
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPAddress.Loopback, port, Cancellation);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Contains($"Access:Mode is Loopback, in which every caller acts as the owner of the Cal.com account, but http://0.0.0.0:{port} can be reached", gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_descriptor_that_is_no_socket_is_told()
    {
        await using var gateway = GatewayProcess.Start(
            ["run"], new Dictionary<string, string> { ["CALCOM_API_KEY"] = "cal_test_never_sent" }, program: ["sh", "-c", $"LISTEN_PID=$$ LISTEN_FDS=1 exec {Program} \"$@\" 3</dev/null", "sh"]);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Contains("\"descriptor 3 of LISTEN_FDS\" (--urls) is no address to serve callers at.", gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_of_another_process_are_not_taken()
    {
        await using var gateway = GatewayProcess.Start(
            ["--sandbox", "--urls", "http://127.0.0.1:0"], new Dictionary<string, string> { ["LISTEN_PID"] = "1", ["LISTEN_FDS"] = "1", ["CalGateway__Management__Url"] = "" });

        await gateway.ServedAsync();
    }

    private static GatewayProcess Start(string address, Dictionary<string, string> variables)
    {
        InstalledProgram.SkipWhenMissing("systemd-socket-activate", "systemd");
        variables["CalGateway__Management__Url"] = "";
        return GatewayProcess.Start(
            ["run"], program: [InstalledProgram.PathOf("systemd-socket-activate"), "--listen", address, .. variables.Select(variable => $"--setenv={variable.Key}={variable.Value}"), .. GatewayProcess.Program]);
    }

    private static Task ListeningAsync(GatewayProcess gateway) =>
        Eventually.TrueAsync(() => gateway.Errors.Contains("Listening on", StringComparison.Ordinal), "the socket is open", TimeSpan.FromSeconds(30));
}
