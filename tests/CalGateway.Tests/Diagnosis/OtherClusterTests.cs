using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.Configuration;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Diagnosis;

/// <summary>Of another cluster than Cal.com nothing is told as if it were Cal.com.</summary>
public sealed class OtherClusterTests
{
    private static readonly string[] Troubles = ["silent", "refusing", "broken"];

    public static TheoryData<string> All => [.. Troubles];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Its_trouble_is_told_by_its_name_in_problem_log_and_status(string trouble)
    {
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Start(Script(trouble)), Settings());
        if (trouble == "refusing")
            await scene.Upstream.DisposeAsync();

        var reply = await scene.GetAsync(RouteScene.Other);

        var problem = JsonNode.Parse(reply.Body)!;
        Assert.True((int)reply.Status is 502 or 504);
        Assert.DoesNotContain("Cal.com", reply.Text, StringComparison.Ordinal);
        Assert.Contains("The cluster \"other\"", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Contains(scene.Gateway.Logs.Lines, line => line.Text.Contains("The cluster \"other\"", StringComparison.Ordinal));
        Assert.Equal("The cluster \"other\" does not answer", await ConcernAsync(scene));
    }

    [Fact]
    public async Task An_error_of_its_own_is_passed_on_and_told_by_its_name_until_it_is_over()
    {
        var status = "500 Internal Server Error";
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Start(exchange => exchange.SendAsync(RouteScene.Answer("", status))), Settings());

        Assert.Equal(HttpStatusCode.InternalServerError, (await scene.GetAsync(RouteScene.Other)).Status);
        Assert.Equal("The cluster \"other\" fails with 500", await ConcernAsync(scene));

        status = "200 OK";
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(RouteScene.Other)).Status);
        Assert.Null(await ConcernAsync(scene));
    }

    [Fact]
    public async Task Old_lists_of_it_are_told_by_its_name()
    {
        var status = "200 OK";
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Routes"]!["lists"] = JsonNode.Parse(
            """{ "ClusterId": "other", "Match": { "Path": "/lists" }, "OutputCachePolicy": "lists", "Transforms": [{ "PathSet": "/v2/event-types" }] }""");
        settings["CalGateway"] = JsonNode.Parse("""{ "Cache": { "Policies": { "lists": { "Fresh": "00:00:01", "StaleWhileRevalidate": "00:00:00" } } } }""");
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Start(exchange => exchange.SendAsync(RouteScene.Answer("", status))), settings, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await scene.GetAsync("/lists");

        status = "503 Service Unavailable";
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync("/lists")).Status);

        using var management = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };
        var told = JsonNode.Parse(await management.GetStringAsync("/status", TestContext.Current.CancellationToken))!;
        var concern = told["concerns"]!.AsArray().Single(concern => (string?)concern!["code"] == "stale-served")!;
        Assert.StartsWith("The cluster \"other\" answers 503", (string?)concern["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("Cal.com", concern.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("The cluster \"other\"", (string?)told["cache"]!["policies"]!.AsArray().Single(policy => (string?)policy!["name"] == "lists")!["lastRefreshError"]!["upstream"]);
    }

    [Fact]
    public async Task No_credential_is_feared_for_that_never_goes_there()
    {
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Clusters"]!["other"]!["Destinations"]!["a"]!["Address"] = "http://intranet.example.com";

        var (_, output, _) = await CheckTests.CheckAsync(settings.ToJsonString());
        Assert.DoesNotContain("credential", output, StringComparison.Ordinal);

        settings["ReverseProxy"]!["Clusters"]!["calcom"]!["Destinations"]!["api"]!["Address"] = "http://cal.example.com";
        (_, output, _) = await CheckTests.CheckAsync(settings.ToJsonString());
        Assert.Contains("credential crosses the network", output, StringComparison.Ordinal);
    }

    private static JsonObject Settings()
    {
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Clusters"]!["other"]!["HttpRequest"] = new JsonObject { ["ActivityTimeout"] = "00:00:01" };
        return settings;
    }

    private static Func<Exchange, Task> Script(string trouble) => trouble switch
    {
        "silent" => exchange => exchange.HangAsync(),
        "broken" => exchange => exchange.SendAsync("no HTTP at all\r\n\r\n"),
        _ => _ => Task.CompletedTask,
    };

    private static async Task<string?> ConcernAsync(RouteScene scene)
    {
        using var management = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };
        var status = JsonNode.Parse(await management.GetStringAsync("/status", TestContext.Current.CancellationToken))!;
        Assert.DoesNotContain(status["concerns"]!.AsArray(), concern => (string?)concern!["code"] is "upstream-down" or "upstream-unsteady");
        return status["concerns"]!.AsArray().Where(concern => (string?)concern!["code"] == "cluster-down").Select(concern => (string?)concern!["title"]).SingleOrDefault();
    }
}
