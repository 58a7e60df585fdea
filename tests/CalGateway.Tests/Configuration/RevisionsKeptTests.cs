using System.Diagnostics;
using CalGateway.Configuration;
using CalGateway.Configuration.Routing;
using CalGateway.Configuration.Rules;
using CalGateway.Configuration.Watching;
using CalGateway.Journey.Routes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Tests.Configuration;

/// <summary>After many edits only the objects of the revision in force are alive, whether the other revisions were accepted or refused.</summary>
[Collection(RunsAlone.Name)]
public sealed class RevisionsKeptTests(ITestOutputHelper output)
{
    private const int Edits = 12;
    private const string Bookings = "\"/calcom/v2/bookings/{**rest}\"";

    /// <summary>The list of the last fifty edits needs less; a reload that kept its endpoints would keep ten times this.</summary>
    private const long KeptPerEdit = 20_000;

    [Fact]
    public Task Of_edits_that_were_in_force_nothing_is_kept() =>
        AssertNothingIsKeptAsync(accepted: true, edit => Shipped.Replace("00:01:00", $"00:02:{edit:00}", StringComparison.Ordinal));

    [Fact]
    public Task Of_clients_that_an_edit_replaced_nothing_is_kept() => AssertNothingIsKeptAsync(
        accepted: true, edit => Shipped.Replace("\"HttpRequest\"", $"\"HttpClient\": {{ \"MaxConnectionsPerServer\": {100 + edit} }}, \"HttpRequest\"", StringComparison.Ordinal));

    [Fact]
    public Task Of_edits_that_a_rule_refused_nothing_is_kept() =>
        AssertNothingIsKeptAsync(accepted: false, edit => Shipped.Replace("00:01:00", $"{edit + 2}.00:00:00", StringComparison.Ordinal));

    [Fact]
    public void Of_trials_that_failed_nothing_is_kept()
    {
        RouteConfig[] routes = [new() { RouteId = "odd", ClusterId = "calcom", Match = new RouteMatch { Path = "/{odd:length(5,1)}" } }];
        for (var edit = 0; edit < Edits; edit++)
            Assert.Single(new TrialBuild([]).Examine(routes, [new ClusterConfig { ClusterId = "calcom" }]));

        Assert.Empty(Trials());
    }

    [Fact]
    public Task Of_edits_that_routing_threw_over_nothing_is_kept() =>
        AssertNothingIsKeptAsync(accepted: false, edit => Shipped.Replace(Bookings, $"\"/calcom/v2/unlucky/{edit}\"", StringComparison.Ordinal));

    [Fact]
    public Task Of_edits_that_YARP_threw_over_nothing_is_kept() => AssertNothingIsKeptAsync(
        accepted: false, edit => Shipped.Replace("\"ActivityTimeout\": \"00:00:30\"", $"\"ActivityTimeout\": \"00:13:{edit:00}\"", StringComparison.Ordinal));

    private static string Shipped => GatewayFixture.ShippedSettings;

    private async Task AssertNothingIsKeptAsync(bool accepted, Func<int, string> settings)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var made = new MadeEndpoints();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, adjust: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<MatcherPolicy>(made).AddSingleton<IProxyConfigFilter, Thirteen>();
            builder.Logging.ClearProviders(); // the fixture's recorder keeps every line
        });
        var others = new List<WeakReference>();

        await EditAsync(gateway, clock, accepted, settings, others, from: 1, to: Edits);

        // Buffers that .NET pools come and go; what an edit leaves is left in each round.
        var kept = long.MaxValue;
        for (var round = 1; round <= 3 && kept > KeptPerEdit; round++)
        {
            var before = Managed();
            await EditAsync(gateway, clock, accepted, settings, others, from: (round * Edits) + 1, to: (round + 1) * Edits);
            kept = (Managed() - before) / Edits;
        }

        var inForce = gateway.Services.GetRequiredService<Revisions>().Current.Routes.Count;
        output.WriteLine($"alive: {made.Alive} endpoints that were routed to, of {inForce} routes; tables and clients {Alive(others)} of {others.Count}; {kept:N0} bytes an edit");
        Assert.InRange(made.Alive, 1, 2 * inForce);
        Assert.InRange(Alive(others), 1, 6); // table, cluster and client of the revision in force, and what a stack still names
        Assert.InRange(kept, long.MinValue, KeptPerEdit);
        Assert.Empty(Trials());
    }

    private static async Task EditAsync(
        GatewayFixture gateway, FakeTimeProvider clock, bool accepted, Func<int, string> settings, List<WeakReference> others, int from, int to)
    {
        var history = gateway.Services.GetRequiredService<RevisionHistory>();
        using var caller = gateway.CreateClient();
        await Eventually.TrueAsync(() => history.Events.Count > 0, "the start is in the history");
        for (var edit = from; edit <= to; edit++)
        {
            var before = history.Events[0];
            gateway.Edit(_ => settings(edit));
            await Eventually.TrueAsync(
                () =>
                {
                    clock.Advance(ConfigurationWatcher.Interval);
                    return !ReferenceEquals(history.Events[0], before);
                },
                $"edit {edit} is judged");

            Assert.True(history.Events[0].Accepted == accepted, string.Join('\n', history.Events[0].Findings));
            (await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            Remember(gateway, others);
        }
    }

    private static void Remember(GatewayFixture gateway, List<WeakReference> others)
    {
        Assert.True(gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("calcom", out var cluster));
        foreach (var thing in new object[] { gateway.Services.GetRequiredService<ServedRoutes>().Table, cluster.Model, cluster.Model.HttpClient })
        {
            if (!others.Exists(other => other.Target == thing))
                others.Add(new WeakReference(thing));
        }
    }

    private static int Alive(List<WeakReference> things) => things.Count(thing => thing.IsAlive);

    private static long Managed()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>The runtime keeps a list of every listener that is not disposed.</summary>
    private static List<string> Trials()
    {
        var names = new Names();
        DiagnosticListener.AllListeners.Subscribe(names).Dispose();
        return names.Seen.FindAll(name => name == "CalGateway.Trial");
    }

    private sealed class Names : IObserver<DiagnosticListener>
    {
        public List<string> Seen { get; } = [];

        public void OnNext(DiagnosticListener value) => Seen.Add(value.Name);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    /// <summary>Sees each endpoint that a table is made of, and throws over one path.</summary>
    private sealed class MadeEndpoints : MatcherPolicy, INodeBuilderPolicy
    {
        private readonly List<WeakReference> _seen = [];

        public override int Order => 0;

        public int Alive => RevisionsKeptTests.Alive(_seen);

        public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints)
        {
            foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
            {
                if (endpoint.RoutePattern.RawText!.StartsWith("/calcom/v2/unlucky", StringComparison.Ordinal))
                    throw new InvalidOperationException("No table with this route.");
                if (endpoint.Metadata.GetMetadata<RoutePlan>() is not null && !_seen.Exists(seen => seen.Target == endpoint))
                    _seen.Add(new WeakReference(endpoint));
            }

            return false;
        }

        public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) => [];

        public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) => throw new NotSupportedException();
    }

    private sealed class Thirteen : IProxyConfigFilter
    {
        public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
            cluster.HttpRequest?.ActivityTimeout?.Minutes == 13 ? throw new InvalidOperationException("Thirteen minutes are refused.") : new(cluster);

        public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
    }
}
