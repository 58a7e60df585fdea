using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Deploy;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>Environment variables of ASP.NET Core and others, and which of them decide where the gateway listens.</summary>
public sealed class EnvironmentTests
{
    private static readonly string[] Verbs = ["check", "run --sandbox --urls http://127.0.0.1:0", "explain GET /calcom/v2/me", "doctor --sandbox"];

    public static TheoryData<string> EveryVerb => [.. Verbs];

    [Theory]
    [MemberData(nameof(EveryVerb))]
    public async Task Names_that_differ_in_case_alone_end_no_verb(string verb)
    {
        var twice = new Dictionary<string, string>
        {
            ["http_proxy"] = "", ["HTTP_PROXY"] = "", ["Some_Name"] = "1", ["some_name"] = "2",
            ["CalGateway__Management__Url"] = "http://127.0.0.1:0", ["CALGATEWAY__MANAGEMENT__URL"] = "http://127.0.0.1:0", ["CalGateway:Management:Url"] = "http://127.0.0.1:0",
        };
        await using var gateway = GatewayProcess.Start(verb.Split(' '), twice);

        if (verb.StartsWith("run", StringComparison.Ordinal))
            await gateway.ServedAsync();
        else
            Assert.Equal(0, await gateway.ExitAsync());
        Assert.DoesNotContain("Unhandled exception", gateway.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_HTTP_PORTS", "8080", "http://*:8080")]
    [InlineData("HTTP_PORTS", "8080;8081", "http://*:8080 and http://*:8081")]
    [InlineData("DOTNET_HTTP_PORTS", "8080", "http://*:8080")]
    [InlineData("ASPNETCORE_HTTPS_PORTS", "8443", "https://*:8443")]
    [InlineData("Kestrel__Endpoints__Public__Url", "http://0.0.0.0:8080", "http://0.0.0.0:8080")]
    [InlineData("ASPNETCORE_Kestrel__Endpoints__Public__Url", "http://0.0.0.0:8080", "http://0.0.0.0:8080")]
    [InlineData("URLS", "http://0.0.0.0:8080", "http://0.0.0.0:8080")]
    public async Task Ports_and_endpoints_are_judged_as_addresses_by_check_and_start(string name, string value, string address)
    {
        var variables = new Dictionary<string, string> { [name] = value, ["CALCOM_API_KEY"] = "cal_test_never_sent" };

        await using var check = GatewayProcess.Start(["check"], variables);
        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains($"{address} can be reached", check.Output, StringComparison.Ordinal);

        await using var start = GatewayProcess.Start(["run"], variables);
        Assert.Equal(1, await start.ExitAsync());
        Assert.Contains($"{address} can be reached", start.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ports_are_served_as_the_images_of_dotnet_expect_and_endpoints_take_their_place()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (port, other) = (FreePort.Next(), FreePort.Next());
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_HTTP_PORTS"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["CalGateway__Access__Mode"] = "Anonymous", ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
            ["CalGateway__Management__Url"] = "",
        };

        await using (var ports = GatewayProcess.Start(["run"], variables))
        {
            await AssertLiveAsync(port);
            Assert.DoesNotContain("Overriding", ports.Output + ports.Errors, StringComparison.Ordinal);
        }

        await using var endpoints = GatewayProcess.Start(["run"], new Dictionary<string, string>(variables)
        {
            ["Kestrel__Endpoints__Public__Url"] = $"http://127.0.0.1:{other}", ["CalGateway__Access__Mode"] = "Loopback",
        });
        await AssertLiveAsync(other);
    }

    /// <summary>In development .NET examines how all services are made, before it makes one.</summary>
    [Theory]
    [InlineData("DOTNET_ENVIRONMENT")]
    [InlineData("ASPNETCORE_ENVIRONMENT")]
    public async Task It_starts_in_development(string variable)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = GatewayProcess.StartBefore(sandbox, new Dictionary<string, string> { [variable] = "Development" });
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        Assert.Contains("\"data\"", await caller.GetStringAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_into_the_home_of_a_user()
    {
        var home = Directory.CreateTempSubdirectory("calgateway-home-");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var variables = new Dictionary<string, string> { ["HOME"] = home.FullName };
        await using var check = GatewayProcess.Start(["check"], variables);
        Assert.Equal(0, await check.ExitAsync());
        await using var gateway = GatewayProcess.StartBefore(sandbox, variables);
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        await caller.GetStringAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);

        Assert.Empty(home.GetFileSystemInfos());
        home.Delete();
    }

    /// <summary>ASP.NET Core would warn that keys for cookies are kept nowhere.</summary>
    [Fact]
    public async Task A_user_without_a_home_reads_no_warning()
    {
        await Bubblewrap.SkipWhereItMayNotAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = GatewayProcess.StartBefore(
            sandbox, new Dictionary<string, string> { ["HOME"] = "/nonexistent", ["CalGateway__Logs__Format"] = "Text" },
            program:
            [
                .. "bwrap --ro-bind / / --proc /proc --dev /dev --unshare-user --uid 65534 --gid 65534 --die-with-parent".Split(' '),
                .. GatewayProcess.Program,
            ]);

        await gateway.ServedAsync();

        Assert.DoesNotContain("warn: ", gateway.Output, StringComparison.Ordinal);
    }

    private static async Task AssertLiveAsync(int port)
    {
        using var caller = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await caller.GetAsync($"http://127.0.0.1:{port}/healthz/live", TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false; // it does not listen yet
                }
            },
            $"port {port} is served",
            TimeSpan.FromSeconds(30));
    }
}
