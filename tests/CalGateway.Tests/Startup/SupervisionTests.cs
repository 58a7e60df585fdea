using System.Net;
using System.Net.Sockets;
using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>What a service manager is told, and asks by a signal.</summary>
public sealed class SupervisionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-systemd-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string SettingsPath => Path.Combine(_folder.FullName, "yarp.json");

    [Fact]
    public async Task Systemd_learns_that_it_serves_reloads_and_stops()
    {
        Assert.SkipWhen(AreHangUpsIgnored(), "These tests were started so that SIGHUP is ignored (nohup), and so are the gateways that they start.");
        await File.WriteAllTextAsync(SettingsPath, GatewayFixture.ShippedSettings, Cancellation);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(_folder.FullName, "notify");
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        await using var gateway = GatewayProcess.StartBefore(sandbox, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path }, SettingsPath);

        Assert.Equal("READY=1", await ToldAsync(systemd));
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/calcom/v2/event-types", Cancellation)).StatusCode);

        await File.WriteAllTextAsync(SettingsPath, GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal), Cancellation);
        gateway.Signal("HUP");
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+$", await ToldAsync(systemd));
        Assert.Equal("READY=1", await ToldAsync(systemd));
        Assert.Equal(HttpStatusCode.BadGateway, (await caller.GetAsync("/calcom/v2/event-types", Cancellation)).StatusCode);

        gateway.Terminate();
        Assert.Equal("STOPPING=1", await ToldAsync(systemd));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("@calgateway-nobody-listens")]
    public async Task A_service_manager_that_does_not_listen_keeps_nobody_from_starting(string socket)
    {
        var path = socket.StartsWith('@') ? socket : Path.Combine(_folder.FullName, socket);
        await using var gateway = GatewayProcess.Start(
            ["--sandbox", "--urls", "http://127.0.0.1:0"], new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["CalGateway__Management__Url"] = "" });

        await gateway.ServedAsync();

        await Eventually.TrueAsync(() => gateway.Output.Contains("The service manager could not be told how things stand (NOTIFY_SOCKET)", StringComparison.Ordinal), "the log says so");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The mask of ignored signals; the lowest bit is SIGHUP's.</summary>
    private static bool AreHangUpsIgnored() => File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToInt64(mask["SigIgn:".Length..].Trim(), 16) & 1) != 0;

    private static async Task<string> ToldAsync(Socket systemd)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[1024];
        var length = await systemd.ReceiveAsync(buffer, deadline.Token);
        return Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\n');
    }
}
