using System.Net;
using CalGateway.Catalogue;
using CalGateway.Explain;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.ExistingClients;

/// <summary>Clients that keep nothing of their base URL but the host need the routes for /v2 that the documentation lists.</summary>
public sealed class HostOnlyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_built_on_fetch_works()
    {
        await using var pair = await Pair.StartAsync(settings: Recipes.HostOnly);

        var told = await NodeClient.RunAsync("keeps-only-the-host.mjs", pair.Gateway.Address + "calcom/v2/", "/v2/event-types");

        Assert.Equal(200, (int)told["status"]!);
        Assert.Equal(3, told["body"]!["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_client_built_on_HttpClient_works()
    {
        await using var pair = await Pair.StartAsync(settings: Recipes.HostOnly);
        using var client = new HttpClient { BaseAddress = pair.Gateway.Address };

        foreach (var (path, version) in new[] { ("/v2/event-types", "2024-06-14"), ("/v2/bookings", "2024-08-13"), ("/v2/schedules", "2024-06-11"), ("/v2/me", "2024-08-13") })
        {
            using var answer = await client.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal([version], answer.Headers.GetValues("CalGateway-Api-Version"));
            Assert.Equal([version], pair.Sandbox.Requests.For("GET", path).Single().Header("cal-api-version"));
        }
    }

    [Fact]
    public async Task Cal_coms_own_SDK_works_with_the_host_alone()
    {
        await using var pair = await Pair.StartAsync(settings: Recipes.HostOnly);

        var told = await NodeClient.RunAsync("calcom-sdk.mjs", pair.Gateway.Address.AbsoluteUri);

        Assert.Equal("15 Min Meeting", (string?)told["eventType"]!["title"]);
        Assert.Equal("Working hours", (string?)told["schedule"]!["name"]);
    }

    [Fact]
    public async Task The_recipe_is_accepted_without_a_warning()
    {
        await using var pair = await Pair.StartAsync(settings: Recipes.HostOnly);
        await using var check = GatewayProcess.Start(["check", "--strict", "--config", pair.Gateway.SettingsPath]);

        Assert.True(await check.ExitAsync() == 0, check.Output);
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    /// <summary>All 341 operations: the same version, the same rights, the same cache, the same limits, the same expectation.</summary>
    [Fact]
    public async Task Whatever_Cal_com_has_is_treated_as_it_is_below_calcom()
    {
        await using var pair = await Pair.StartAsync(settings: Recipes.HostOnly);
        var explainer = pair.Gateway.Services.GetRequiredService<Explainer>();

        foreach (var operation in CalComCatalogue.Default.Operations.Where(operation => operation.Template.StartsWith("/v2/", StringComparison.Ordinal)))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(operation.Template, "{[^}]*}", "1");
            var here = await explainer.ExplainAsync(DescribedRequest.From(operation.Method, path));
            var below = await explainer.ExplainAsync(DescribedRequest.From(operation.Method, "/calcom" + path));

            Assert.Equal(path, here.Path);
            Assert.Equal("v2-" + below.Route, here.Route);
            Assert.Equal(
                (below.Operation, below.ApiVersion, below.Upstream, below.Expected, below.NotFound, below.Because),
                (here.Operation, here.ApiVersion, here.Upstream, here.Expected, here.NotFound, here.Because));
            Assert.Equal(below.Access, here.Access);
            Assert.Equal(below.Limits, here.Limits);
            Assert.Equal(below.Sends, here.Sends);
            Assert.Equal((below.Cache!.State, below.Cache.Why, below.Cache.Fresh), (here.Cache!.State, here.Cache.Why, here.Cache.Fresh));
        }
    }

    [Fact]
    public async Task Lists_are_cached_and_evicted_by_writes_whichever_way_they_come()
    {
        await using var pair = await Pair.StartAsync(settings: Recipes.HostOnly);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", await CacheStatusAsync(pair, "/v2/event-types"));
        Assert.StartsWith("CalGateway; hit", await CacheStatusAsync(pair, "/v2/event-types"), StringComparison.Ordinal);

        using (var written = await pair.SendAsync("POST", "/calcom/v2/event-types", """{"title":"New","slug":"new","lengthInMinutes":20}"""))
            Assert.Equal(HttpStatusCode.Created, written.StatusCode);
        Assert.DoesNotContain("hit", await CacheStatusAsync(pair, "/v2/event-types"), StringComparison.Ordinal);
        Assert.Equal(2, pair.Sandbox.Requests.For("GET", "/v2/event-types").Count);
    }

    [Theory]
    [InlineData("POST", "/v2/api-keys/refresh", 403, "not-exposed", null)]
    [InlineData("GET", "/v2/v2/event-types", 502, "unknown-endpoint", "Leave it out of the base URL.")]
    [InlineData("GET", "/v2/event-typs", 502, "unknown-endpoint", "Did you mean GET /v2/event-types?")]
    [InlineData("GET", "/v2/event-types/7", 502, "resource-not-found", null)]
    [InlineData("GET", "/v2/slots", 502, "api-version-mismatch", "ReverseProxy:Routes:v2-slots")]
    public async Task Refusals_and_diagnoses_are_the_same(string method, string path, int status, string code, string? remedy)
    {
        var withAWrongPin = Recipes.HostOnly.Replace("2024-09-04", "2024-08-13", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: withAWrongPin);

        using var answer = await pair.SendAsync(method, path, null);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal([pair.Gateway.Services.GetRequiredService<CalGateway.Configuration.Revisions>().Current.Id], answer.Headers.GetValues("CalGateway-Revision"));
        Assert.Matches("^[0-9a-f]{32}$", answer.Headers.GetValues("X-Request-Id").Single());
        var problem = await answer.ReadProblemAsync();
        Assert.Equal((code, path), ((string?)problem["code"], (string?)problem["instance"]));
        if (remedy is not null)
            Assert.Contains(remedy, (string?)problem["remedy"], StringComparison.Ordinal);
    }

    private static async Task<string> CacheStatusAsync(Pair pair, string path)
    {
        using var answer = await pair.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Cache-Status").Single();
    }
}
