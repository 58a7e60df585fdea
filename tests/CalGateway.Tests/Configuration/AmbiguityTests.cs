using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Configuration;

/// <summary>Two routes that match the same request: refused where that is certain; else one of them takes the request, and it is never answered with 500.</summary>
public sealed class AmbiguityTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");

    /// <summary>The matches of two routes; where neither has a path, it is <c>/calcom/v2/me</c>.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { "\"Methods\": [\"GET\", \"POST\"]", "\"Methods\": [\"post\", \"PATCH\"]", "POST" },
        { "\"Methods\": [\"GET\"]", "\"Methods\": [\"GET\"]", "same requests" },
        { "\"Hosts\": [\"a.example\", \"b.example\"]", "\"Hosts\": [\"B.example\", \"c.example\"]", "b.example" },
        { "\"Hosts\": [\"*.example\"]", "\"Hosts\": [\"*.example\", \"c.example\"]", "*.example" },
        { "\"Hosts\": [\"b.example:5080\"]", "\"Hosts\": [\"b.example:5080\", \"c.example\"]", "b.example:5080" },
        { "\"Path\": \"/calcom/v2/teams/{id}/x\"", "\"Path\": \"/calcom/v2/teams/{teamId}/x\"", "same requests" },
        { "\"Path\": \"/calcom/v2/teams/{id:int}/x\"", "\"Path\": \"/calcom/v2/TEAMS/{teamId:int}/x\"", "same requests" },
        { "\"Path\": \"/calcom/v2/teams/{id}/x\", \"Methods\": [\"GET\", \"PUT\"]", "\"Path\": \"/calcom/v2/teams/{teamId}/x\", \"Methods\": [\"PUT\"]", "PUT" },
        { "\"Path\": \"/calcom/v2/{**all}\"", "\"Path\": \"/calcom/v2/{*rest}\"", "same requests" },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Mode\": \"Exists\" }]", "\"Headers\": [{ \"Name\": \"x-a\", \"Mode\": \"Exists\" }]", "same requests" },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"1\", \"2\"] }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"2\", \"1\"] }]", "same requests" },
        { "\"QueryParameters\": [{ \"Name\": \"a\", \"Values\": [\"1\"] }]", "\"QueryParameters\": [{ \"Name\": \"a\", \"Values\": [\"1\"] }]", "same requests" },
    };

    /// <summary>The same, with path, header and host of a request that matches both.</summary>
    public static TheoryData<string, string, string, string, bool> Served => new()
    {
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Mode\": \"Exists\" }]", "\"Headers\": [{ \"Name\": \"X-B\", \"Mode\": \"Exists\" }]", "/calcom/v2/me", "X-A: 1|X-B: 1", true },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"1\", \"2\"] }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"2\", \"3\"] }]", "/calcom/v2/me", "X-A: 2", true },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"1\"] }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"12\"], \"Mode\": \"HeaderPrefix\" }]", "/calcom/v2/me", "X-A: 1|X-A: 12", false },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"12\"], \"Mode\": \"HeaderPrefix\" }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"1\"], \"Mode\": \"HeaderPrefix\" }]", "/calcom/v2/me", "X-A: 123", true },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Mode\": \"NotExists\" }]", "\"Headers\": [{ \"Name\": \"X-B\", \"Mode\": \"NotExists\" }]", "/calcom/v2/me", "", true },
        { "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"b\"], \"Mode\": \"NotContains\" }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"c\"], \"Mode\": \"NotContains\" }]", "/calcom/v2/me", "X-A: a", true },
        { "\"QueryParameters\": [{ \"Name\": \"a\", \"Mode\": \"Exists\" }]", "\"QueryParameters\": [{ \"Name\": \"b\", \"Mode\": \"Exists\" }]", "/calcom/v2/me?a=1&b=2", "", true },
        { "\"QueryParameters\": [{ \"Name\": \"a\", \"Values\": [\"x\"], \"Mode\": \"Contains\" }]", "\"QueryParameters\": [{ \"Name\": \"a\", \"Values\": [\"y\"], \"Mode\": \"Prefix\" }]", "/calcom/v2/me?a=yx", "", true },
        { "\"Path\": \"/calcom/v2/{a:int}\"", "\"Path\": \"/calcom/v2/{b:min(5)}\"", "/calcom/v2/7", "", true },
        { "\"Path\": \"/calcom/v2/{a:regex(^(me|you)$)}\"", "\"Path\": \"/calcom/v2/{b:alpha}\"", "/calcom/v2/me", "", true },
        { "\"Path\": \"/calcom/v2/{a:length(2)}\"", "\"Path\": \"/calcom/v2/{b:regex(^m.$)}\"", "/calcom/v2/me", "", true },
        { "\"Path\": \"/calcom/v2/{a}.x\"", "\"Path\": \"/calcom/v2/m.{b}\"", "/calcom/v2/m.x", "", false },
        { "\"Hosts\": [\"*.b.localhost\"]", "\"Hosts\": [\"*.localhost\"]", "/calcom/v2/me", "Host: a.b.localhost", false },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Two_that_are_certainly_in_each_others_way_are_refused_with_the_names_of_both_and_what_they_share(string one, string other, string words)
    {
        var path = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(path, Settings(one, other), TestContext.Current.CancellationToken);

        await using (var check = GatewayProcess.Start(["check", "--config", path]))
        {
            Assert.Equal(1, await check.ExitAsync());
            Assert.Matches(@"yarp\.json:\d+:\d+ error: Route ""second"" takes .*""first""", check.Output);
            Assert.Contains(words, check.Output, StringComparison.Ordinal);
        }

        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        gateway.Edit(_ => Settings(one, other));
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["lastEditRefused"] is not null, "the edit is refused");
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Of_two_that_one_request_may_match_one_takes_it_always_and_a_warning_says_which(string one, string other, string target, string headers, bool isWarned)
    {
        await using var upstream = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK"));
        foreach (var (first, second) in new[] { (one, other), (other, one) })
        {
            await using var gateway = await GatewayFixture.StartAsync(upstream.Address, settings: Settings(first, second));
            using var caller = gateway.CreateClient();
            var taken = new HashSet<string>();
            for (var turn = 0; turn < 3; turn++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, target);
                foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
                    request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
                using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                taken.Add(answer.Headers.GetValues("CalGateway-Api-Version").Single());
            }

            var warnings = gateway.Logs.Lines.Where(line => line.Level == LogLevel.Warning && line.Text.Contains("nothing says which of the two comes first", StringComparison.Ordinal)).ToList();
            Assert.Single(taken);
            Assert.Equal(isWarned ? 1 : 0, warnings.Count);
            if (isWarned)
                Assert.Equal("2024-06-14", taken.Single());
        }
    }

    [Theory]
    [InlineData("\"Path\": \"/calcom/v2/{id:int}\"", "\"Path\": \"/calcom/v2/{id}\"")]
    [InlineData("\"Path\": \"/calcom/v2/{id:int}\"", "\"Path\": \"/calcom/v2/{id:guid}\"")]
    [InlineData("\"Path\": \"/calcom/v2/{a:regex(^(instant|recurring)$)}\"", "\"Path\": \"/calcom/v2/{a:regex(^(confirm|decline)$)}\"")]
    [InlineData("\"Methods\": [\"GET\"]", "\"Methods\": [\"POST\"]")]
    [InlineData("\"Methods\": [\"GET\"]", "\"Hosts\": [\"a.example\"]")]
    [InlineData("\"Hosts\": [\"a.example\"]", "\"Hosts\": [\"*.example\"]")]
    [InlineData("\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"1\"] }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Values\": [\"2\"] }]")]
    [InlineData("\"Headers\": [{ \"Name\": \"X-A\", \"Mode\": \"Exists\" }]", "\"Headers\": [{ \"Name\": \"X-A\", \"Mode\": \"NotExists\" }]")]
    [InlineData("\"Headers\": [{ \"Name\": \"X-A\", \"Mode\": \"Exists\" }]", "\"QueryParameters\": [{ \"Name\": \"a\", \"Mode\": \"Exists\" }]")]
    [InlineData("\"QueryParameters\": [{ \"Name\": \"a\", \"Values\": [\"1\"] }]", "\"QueryParameters\": [{ \"Name\": \"a\", \"Values\": [\"2\"] }]")]
    public async Task Nothing_is_said_of_two_between_which_routing_decides(string one, string other)
    {
        var path = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(path, Settings(one, other), TestContext.Current.CancellationToken);

        await using var check = GatewayProcess.Start(["check", "--config", path, "--strict"]);
        Assert.Equal(0, await check.ExitAsync());
    }

    private static string Settings(string one, string other)
    {
        static JsonNode Route(string match, string version) => JsonNode.Parse($$"""
            {
              "ClusterId": "calcom", "Match": { {{(match.Contains("\"Path\"", StringComparison.Ordinal) ? "" : "\"Path\": \"/calcom/v2/me\", ")}}{{match}} },
              "Transforms": [{ "PathSet": "/v2/me" }, { "CalApiVersion": "{{version}}", "Unverified": "true" }]
            }
            """)!;

        return new JsonObject
        {
            ["ReverseProxy"] = new JsonObject
            {
                ["Routes"] = new JsonObject { ["first"] = Route(one, "2024-06-14"), ["second"] = Route(other, "2024-08-13") },
                ["Clusters"] = JsonNode.Parse("""{ "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }"""),
            },
        }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
    }
}
