using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Problems;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests;

/// <summary>What callers, operators and dashboards rely on, to the letter.</summary>
public sealed class ContractTests
{
    private static readonly string[] UpstreamMembers = ["status", "method", "path", "code", "message", "requestId", "timestamp"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_payload_of_api_version_mismatch()
    {
        await using var pair = await Pair.StartAsync(settings: GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal));

        using var answer = await pair.GetAsync("/calcom/v2/event-types?username=owner");
        var problem = (await answer.ReadProblemAsync()).AsObject();

        Assert.Equal(
            [
                "type", "title", "status", "detail", "instance", "code", "traceId", "revision", "sentVersion", "supportedVersions", "suggestedVersion",
                "route", "remedy", "upstream",
            ],
            problem.Select(member => member.Key));
        Assert.Equal(UpstreamMembers, problem["upstream"]!.AsObject().Select(member => member.Key));
        AssertEnvelope(answer, problem, 502, "api-version-mismatch", "/calcom/v2/event-types");
        Assert.Equal("Cal.com has no such route at this API version", (string?)problem["title"]);
        Assert.Equal(
            "GET /v2/event-types exists at cal-api-version 2024-06-14, 2024-06-11 and 2024-04-15, but was asked at 2024-08-13.", (string?)problem["detail"]);
        Assert.Equal("2024-08-13", (string?)problem["sentVersion"]);
        Assert.Equal(["2024-06-14", "2024-06-11", "2024-04-15"], problem["supportedVersions"]!.AsArray().Select(item => (string?)item));
        Assert.Equal("2024-06-14", (string?)problem["suggestedVersion"]);
        Assert.Equal("event-types", (string?)problem["route"]);
        Assert.Equal(
            "In yarp.json set ReverseProxy:Routes:event-types:Transforms CalApiVersion to \"2024-06-14\"; it takes effect on save.", (string?)problem["remedy"]);
        AssertUpstream(answer, problem, "/v2/event-types", "Cannot GET /v2/event-types");
        Assert.Equal("CalGateway; received-status=404; details=\"api-version-mismatch\"", answer.Headers.GetValues("Proxy-Status").Single());
    }

    [Fact]
    public async Task The_payload_of_resource_not_found()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/event-types/999999");
        var problem = (await answer.ReadProblemAsync()).AsObject();

        Assert.Equal(["type", "title", "status", "detail", "instance", "code", "traceId", "revision", "route", "remedy", "upstream"], problem.Select(member => member.Key));
        Assert.Equal(UpstreamMembers, problem["upstream"]!.AsObject().Select(member => member.Key));
        AssertEnvelope(answer, problem, 502, "resource-not-found", "/calcom/v2/event-types/999999");
        var quoted = (string?)problem["upstream"]!["message"];
        Assert.Contains(quoted!, (string?)problem["detail"], StringComparison.Ordinal);
        AssertUpstream(answer, problem, "/v2/event-types/999999", quoted!);
    }

    [Fact]
    public async Task The_payload_of_unknown_endpoint()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/event-typos");
        var problem = (await answer.ReadProblemAsync()).AsObject();

        Assert.Equal(
            ["type", "title", "status", "detail", "instance", "code", "traceId", "revision", "sentVersion", "didYouMean", "route", "remedy", "upstream"],
            problem.Select(member => member.Key));
        AssertEnvelope(answer, problem, 502, "unknown-endpoint", "/calcom/v2/event-typos");
        AssertUpstream(answer, problem, "/v2/event-typos", "Cannot GET /v2/event-typos");
    }

    [Fact]
    public async Task The_payload_of_unrecognised_not_found()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Html404());

        using var answer = await pair.GetAsync("/calcom/v2/me");
        var problem = (await answer.ReadProblemAsync()).AsObject();

        Assert.Equal(["type", "title", "status", "detail", "instance", "code", "traceId", "revision", "route", "remedy", "upstream"], problem.Select(member => member.Key));
        Assert.Equal(["status", "method", "path", "requestId"], problem["upstream"]!.AsObject().Select(member => member.Key));
        AssertEnvelope(answer, problem, 502, "unrecognised-not-found", "/calcom/v2/me");
    }

    [Fact]
    public async Task The_payload_of_the_gateways_own_errors()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Sandbox.StopAsync();

        using var noRoute = await pair.GetAsync("/nowhere");
        using var unreachable = await pair.GetAsync("/calcom/v2/me");

        var problem = (await noRoute.ReadProblemAsync()).AsObject();
        Assert.Equal(["type", "title", "status", "detail", "instance", "code", "traceId", "revision", "remedy"], problem.Select(member => member.Key));
        AssertEnvelope(noRoute, problem, 404, "no-route", "/nowhere");
        problem = (await unreachable.ReadProblemAsync()).AsObject();
        Assert.Equal(["type", "title", "status", "detail", "instance", "code", "traceId", "revision", "route", "remedy"], problem.Select(member => member.Key));
        AssertEnvelope(unreachable, problem, 502, "upstream-unreachable", "/calcom/v2/me");
        Assert.Equal("CalGateway; error=connection_refused; details=\"upstream-unreachable\"", unreachable.Headers.GetValues("Proxy-Status").Single());
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8")]
    [InlineData("application/xml")]
    public async Task A_browser_gets_the_same_problem_as_a_program(string accept)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/event-typos", ("Accept", accept));

        Assert.Equal("unknown-endpoint", (string?)(await answer.ReadProblemAsync())["code"]);
    }

    [Fact]
    public async Task A_HEAD_of_an_error_of_our_own_gets_its_headers_alone()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Sandbox.StopAsync();

        foreach (var (path, status) in new[] { ("/calcom/v2/me", 502), ("/nowhere", 404), ("/calcom/v2/a%2Fb", 400) })
        {
            var raw = await pair.AskRawAsync($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status}", raw, StringComparison.Ordinal);
            Assert.Contains("Content-Type: application/problem+json\r\n", raw, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n", raw, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_codes_and_their_statuses()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/_gateway/problems");
        var listed = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!.AsArray();

        Assert.Equal(
            new SortedDictionary<string, int>
            {
                ["api-version-mismatch"] = 502, ["unknown-endpoint"] = 502, ["resource-not-found"] = 502, ["unrecognised-not-found"] = 502,
                ["upstream-unreachable"] = 502, ["upstream-timeout"] = 504, ["upstream-invalid"] = 502, ["credential-rejected"] = 502,
                ["quota-exhausted"] = 503, ["circuit-open"] = 503, ["api-v1-gone"] = 502, ["shape-mismatch"] = 502,
                ["not-exposed"] = 403, ["unauthenticated"] = 401, ["forbidden"] = 403, ["too-many-requests"] = 429, ["payload-too-large"] = 413,
                ["invalid-request"] = 400, ["no-route"] = 404, ["internal-error"] = 500, ["not-stored"] = 504,
            },
            new SortedDictionary<string, int>(listed.ToDictionary(type => (string)type!["code"]!, type => (int)type!["status"]!)));

        // A problem that is sent but not listed would have no page, and this test would not notice it.
        var made = typeof(ProblemTypes).GetFields().Select(field => field.GetValue(null)).OfType<ProblemType>();
        Assert.Equal(made.Select(type => type.Code).Order(), listed.Select(type => (string?)type!["code"]).Order());
    }

    [Fact]
    public async Task The_headers_of_what_was_forwarded_of_a_hit_and_of_a_refusal()
    {
        await using var pair = await Pair.StartAsync();

        using var forwarded = await pair.GetAsync("/calcom/v2/event-types");
        using var hit = await pair.GetAsync("/calcom/v2/event-types");
        using var refused = await pair.SendAsync("GET", "/calcom/v2/a%2Fb", null);

        foreach (var answer in new[] { forwarded, hit, refused })
        {
            Assert.Matches("^[0-9a-f]{12}$", answer.Headers.GetValues("CalGateway-Revision").Single());
            Assert.Matches("^[0-9a-f]{32}$", answer.Headers.GetValues("X-Request-Id").Single());
        }

        Assert.Equal(["2024-06-14"], forwarded.Headers.GetValues("CalGateway-Api-Version"));
        Assert.Matches("^[0-9a-f-]{36}$", forwarded.Headers.GetValues("CalGateway-Upstream-Request-Id").Single());
        Assert.False(hit.Headers.Contains("CalGateway-Api-Version"), "a hit was not forwarded");
        Assert.False(refused.Headers.Contains("CalGateway-Api-Version"), "nor was a refusal");
        Assert.False(refused.Headers.Contains("Cache-Status"));
    }

    [Fact]
    public async Task The_names_and_units_of_the_gateways_metrics()
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);

        Assert.Equal(
            [
                "calgateway.cache.requests {request}", "calgateway.config.last_reload_successful", "calgateway.config.reloads {reload}",
                "calgateway.problems {problem}", "calgateway.shape.mismatches {answer}", "calgateway.upstream.circuit.state", "calgateway.upstream.deprecated {operation}",
                "calgateway.upstream.duration s", "calgateway.upstream.quota.limit {request}", "calgateway.upstream.quota.refused {request}",
                "calgateway.upstream.quota.remaining {request}", "calgateway.upstream.quota.waited {request}", "calgateway.upstream.requests {request}",
                "calgateway.upstream.retries {request}", "calgateway.upstream.sunset s", "calgateway.watch.failures {failure}",
            ],
            meters.Instruments.Where(name => name.StartsWith("calgateway.", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task The_metrics_of_requests()
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);

        foreach (var path in new[] { "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/event-types?x=1", "/calcom/v2/event-typos" })
            (await pair.GetAsync(path)).Dispose();

        string[] expected =
        [
            "calgateway.cache.requests calgateway.cache.result=miss,calgateway.route=event-types",
            "calgateway.cache.requests calgateway.cache.result=hit,calgateway.route=event-types",
            "calgateway.cache.requests calgateway.cache.result=bypass,calgateway.route=event-types",
            "calgateway.problems calgateway.problem.code=unknown-endpoint,calgateway.route=rest",
            "calgateway.upstream.requests calgateway.route=rest,http.response.status_code=404",
        ];
        await Eventually.TrueAsync(() => expected.All(name => meters.Value(name) == 1), "every request is counted once");
    }

    private static void AssertEnvelope(HttpResponseMessage answer, JsonObject problem, int status, string code, string instance)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(status, (int?)problem["status"]);
        Assert.Equal((code, $"/_gateway/problems/{code}", instance), ((string?)problem["code"], (string?)problem["type"], (string?)problem["instance"]));
        Assert.Equal(answer.Headers.GetValues("X-Request-Id").Single(), (string?)problem["traceId"]);
        Assert.Equal(answer.Headers.GetValues("CalGateway-Revision").Single(), (string?)problem["revision"]);
    }

    private static void AssertUpstream(HttpResponseMessage answer, JsonObject problem, string path, string message)
    {
        var upstream = problem["upstream"]!;
        Assert.Equal(JsonValueKind.Number, upstream["status"]!.GetValueKind());
        Assert.Equal((404, "GET", path), ((int?)upstream["status"], (string?)upstream["method"], (string?)upstream["path"]));
        Assert.Equal(("NotFoundException", message), ((string?)upstream["code"], (string?)upstream["message"]));
        Assert.Equal(answer.Headers.GetValues("CalGateway-Upstream-Request-Id").Single(), (string?)upstream["requestId"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)upstream["timestamp"]);
    }
}
