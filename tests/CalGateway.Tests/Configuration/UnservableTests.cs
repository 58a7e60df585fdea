using System.Text.RegularExpressions;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// Settings that can be read, but fail when clients, endpoints or the routing table are built: they are found before they are in force, and if not, the
/// previous revision stays in force.
/// </summary>
public sealed class UnservableTests : IDisposable
{
    private const string Bookings = "\"/calcom/v2/bookings/{**rest}\"";

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");

    public static TheoryData<string, string> Unservable => new()
    {
        { Bookings, "\"/calcom/{a:regex([)}\"" },
        { Bookings, "\"/elsewhere/{a:regex([)}\"" },
        { Bookings, "\"/calcom/v2/{a:regex(^(b$)}/{**rest}\"" },
        { Bookings, "\"/calcom/v2/x{a:regex(*)}y\"" },
        { Bookings, "\"/calcom/v2/{a:length(5,1)}\"" },
        { Bookings, "\"/calcom/v2/{a:uuid}\"" },
        { Bookings, "\"/calcom/v2/bookings/{**rest}\", \"Hosts\": [\"example.com:99999999999\"]" },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Unservable))]
    public async Task It_is_found_by_check_and_start_with_its_line_and_refused_by_a_reload_that_goes_on(string old, string young)
    {
        var bad = GatewayFixture.ShippedSettings.Replace(old, young, StringComparison.Ordinal);
        var line = bad[..bad.IndexOf(young, StringComparison.Ordinal)].Count(character => character == '\n') + 1;
        var place = new Regex($@"yarp\.json:{line}:\d+ error: .+");
        var path = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(path, bad, TestContext.Current.CancellationToken);

        await using (var check = GatewayProcess.Start(["check", "--config", path]))
        {
            Assert.Equal(1, await check.ExitAsync());
            Assert.Matches(place, check.Output);
        }

        await using (var start = GatewayProcess.Start(["--sandbox", "--config", path, "--urls", "http://127.0.0.1:0"]))
        {
            Assert.Equal(1, await start.ExitAsync());
            Assert.Matches(place, start.Errors);
            Assert.DoesNotContain("   at ", start.Errors, StringComparison.Ordinal);
        }

        await AssertReloadGoesOnAsync(bad, place);
    }

    [Fact]
    public async Task What_only_YARP_throws_over_while_it_takes_an_edit_over_leaves_the_revision_before_and_the_next_edit()
    {
        var bad = GatewayFixture.ShippedSettings.Replace("\"ActivityTimeout\": \"00:00:30\"", "\"ActivityTimeout\": \"00:00:13\"", StringComparison.Ordinal);

        await AssertReloadGoesOnAsync(bad, new Regex("The thirteenth second is refused"), services => services.AddSingleton<IProxyConfigFilter, Superstition>());
    }

    [Fact]
    public async Task What_only_routing_throws_over_while_it_takes_an_edit_over_leaves_the_revision_before_and_the_next_edit()
    {
        var bad = GatewayFixture.ShippedSettings.Replace(Bookings, "\"/calcom/v2/unlucky\"", StringComparison.Ordinal);

        await AssertReloadGoesOnAsync(bad, new Regex("No table with this route"), services => services.AddSingleton<MatcherPolicy, Unlucky>());
    }

    private static async Task AssertReloadGoesOnAsync(string bad, Regex reason, Action<IServiceCollection>? add = null)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, adjust: builder => add?.Invoke(builder.Services));
        using var caller = gateway.CreateClient();
        Assert.Equal("2024-06-14", await SentVersionAsync(caller));

        for (var round = 0; round < 2; round++)
        {
            gateway.Edit(_ => bad);
            await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["lastEditRefused"] is not null, "the edit is refused", Promised);
            Assert.Matches(reason, string.Join('\n', (await gateway.StatusAsync())["lastEditRefused"]!.AsArray().Select(line => (string?)line)));
            Assert.NotNull(await SentVersionAsync(caller));
            Assert.True((await caller.GetAsync("/healthz/ready", TestContext.Current.CancellationToken)).IsSuccessStatusCode);

            var pin = round == 0 ? "2024-06-11" : "2024-04-15";
            gateway.Edit(_ => GatewayFixture.ShippedSettings.Replace("2024-06-14", pin, StringComparison.Ordinal));
            await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == pin, "the good edit is in force", Promised);
            await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["lastEditRefused"] is null, "no edit is refused any more");
        }
    }

    /// <summary>The API version of a forwarded request. It asks for a single event type, which is never cached.</summary>
    private static async Task<string?> SentVersionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return answer.Headers.GetValues("CalGateway-Api-Version").Single();
    }

    private sealed class Superstition : IProxyConfigFilter
    {
        public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
            cluster.HttpRequest?.ActivityTimeout == TimeSpan.FromSeconds(13) ? throw new InvalidOperationException("The thirteenth second is refused.") : new(cluster);

        public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
    }

    private sealed class Unlucky : MatcherPolicy, INodeBuilderPolicy
    {
        public override int Order => 0;

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
            endpoints.OfType<RouteEndpoint>().Any(endpoint => endpoint.RoutePattern.RawText == "/calcom/v2/unlucky")
                ? throw new InvalidOperationException("No table with this route.")
                : false;

        public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) => [];

        public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) => throw new NotSupportedException();
    }
}
