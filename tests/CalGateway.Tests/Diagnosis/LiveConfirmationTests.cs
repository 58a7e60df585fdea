using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Diagnosis;

public sealed class LiveConfirmationTests
{
    private const string Mismatched = "/calcom/v2/event-types/3928133";

    private static string WrongPin => GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal);

    [Fact]
    public async Task The_first_mismatch_is_asked_about_once_and_the_problem_then_tells_what_is()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WrongPin);
        using var caller = gateway.CreateClient();

        var first = await caller.GetFromJsonProblemAsync(Mismatched);
        JsonNode? confirmed = null;
        await Eventually.TrueAsync(async () => (confirmed = (await caller.GetFromJsonProblemAsync(Mismatched))["confirmed"]) is not null, "the problem tells what was seen");

        Assert.Null(first["confirmed"]);
        Assert.Equal(
            """{"2026-05-01":404,"2026-02-25":404,"2024-09-04":404,"2024-06-14":200,"2024-06-11":200,"2024-04-15":200}""", confirmed!.ToJsonString());
        var problem = await caller.GetFromJsonProblemAsync(Mismatched);
        Assert.DoesNotContain("out of date", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("2024-06-14", (string?)problem["suggestedVersion"]);

        await caller.GetFromJsonProblemAsync("/calcom/v2/event-types/3928134");
        Assert.Equal(8, sandbox.Requests.Count);
        Assert.All(sandbox.Requests.All, request => Assert.Equal("GET", request.Method));
        Assert.All(sandbox.Requests.All, request => Assert.Equal($"Bearer {sandbox.ApiKey}", Assert.Single(request.Header("Authorization"))));
    }

    [Fact]
    public async Task What_was_confirmed_about_one_operation_is_told_of_no_other_and_ends_with_the_pin()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WrongPin);
        using var caller = gateway.CreateClient();
        await caller.GetFromJsonProblemAsync(Mismatched);
        await Eventually.TrueAsync(async () => (await caller.GetFromJsonProblemAsync(Mismatched))["confirmed"] is not null, "the problem tells what was seen");

        Assert.NotNull((await caller.GetFromJsonProblemAsync("/calcom/v2/event-types/3928134"))["confirmed"]);
        foreach (var other in new[] { "/calcom/v2/event-types", "/calcom/v2/event-types?username=owner" })
        {
            var problem = await caller.GetFromJsonProblemAsync(other);
            Assert.Equal("api-version-mismatch", (string?)problem["code"]);
            Assert.Null(problem["confirmed"]);
        }

        using (var write = new HttpRequestMessage(HttpMethod.Delete, Mismatched))
        using (var answer = await caller.SendAsync(write, TestContext.Current.CancellationToken))
            Assert.Null((await answer.ReadProblemAsync())["confirmed"]);

        gateway.Edit(text => text.ReplaceFirst("2024-08-13", "2024-09-04"));
        JsonNode? edited = null;
        await Eventually.TrueAsync(async () => (string?)(edited = await caller.GetFromJsonProblemAsync(Mismatched))["sentVersion"] == "2024-09-04", "the edit is in force");
        Assert.Null(edited!["confirmed"]);
    }

    [Fact]
    public async Task Where_Cal_com_contradicts_the_catalogue_the_problem_says_that_the_catalogue_is_out_of_date()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WrongPin);
        using var caller = gateway.CreateClient();

        await caller.GetFromJsonProblemAsync(Mismatched);
        sandbox.Faults.Add(Fault.Status(200, body: "{}", contentType: "application/json").For("GET", "/v2/event-types"));
        var detail = "";
        await Eventually.TrueAsync(
            async () => (detail = (string?)(await caller.GetFromJsonProblemAsync(Mismatched))["detail"])!.Contains("Asked live", StringComparison.Ordinal), "it was asked live");

        Assert.Contains("2026-05-01", detail, StringComparison.Ordinal);
        Assert.EndsWith("catalogue of 2026-08-18 is out of date.", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_not_spent_on_knowing_better()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WrongPin);
        using var caller = gateway.CreateClient();

        await caller.GetFromJsonProblemAsync(Mismatched);
        sandbox.Faults.Add(Fault.RateLimit());
        await Eventually.TrueAsync(() => sandbox.Requests.Count == 2, "one request was made");
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("was not asked live", StringComparison.Ordinal)), "it was given up");

        Assert.Equal(2, sandbox.Requests.Count);
        Assert.Null((await caller.GetFromJsonProblemAsync(Mismatched))["confirmed"]);
    }

    [Fact]
    public async Task The_reserve_of_the_quota_is_left_to_the_callers()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WrongPin);
        using var caller = gateway.CreateClient();
        var scarce = new Dictionary<string, string> { ["X-RateLimit-Remaining-Default"] = "21", ["X-RateLimit-Reset-Default"] = "30" };
        sandbox.Faults.Add(Fault.Status(404, body: RouteMiss, contentType: "application/json", headers: scarce, times: 1));

        var scarcely = await caller.GetFromJsonProblemAsync(Mismatched);
        (await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken)).Dispose(); // a route miss itself does not tell the quota
        var amply = await caller.GetFromJsonProblemAsync("/calcom/v2/event-types/3928134");
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("Asked live", StringComparison.Ordinal)), "the second was asked about");

        Assert.Equal("api-version-mismatch", (string?)scarcely["code"]);
        Assert.Equal("api-version-mismatch", (string?)amply["code"]);
        Assert.Equal(1, sandbox.Requests.All.Count(request => request.Path.EndsWith("3928133", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task While_the_circuit_is_open_nothing_is_asked()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var pair = await Pair.StartAsync(
            settings: WrongPin, environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Circuit__BreakDuration"] = "00:05:00" },
            adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await pair.Caller.GetFromJsonProblemAsync(Mismatched);
        pair.Sandbox.Faults.Add(Fault.Status(500));
        for (var time = 0; time < 10; time++)
            (await pair.GetAsync("/calcom/v2/me")).Dispose();
        var arrived = pair.Sandbox.Requests.Count;

        await Eventually.TrueAsync(() => Passes(clock, pair.Gateway, "was not asked live"), "it was given up");

        Assert.Equal(arrived, pair.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task What_could_not_be_asked_is_asked_again_a_minute_later_and_not_before()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WrongPin, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var caller = gateway.CreateClient();

        await caller.GetFromJsonProblemAsync(Mismatched);
        sandbox.Faults.Add(Fault.Status(503));
        await Eventually.TrueAsync(() => Passes(clock, gateway, "was not asked live"), "it was given up");
        sandbox.Faults.Clear();
        var arrived = sandbox.Requests.Count;

        await caller.GetFromJsonProblemAsync("/calcom/v2/event-types/3928134");
        Assert.Equal(arrived + 1, sandbox.Requests.Count);

        clock.Advance(TimeSpan.FromMinutes(2));
        await caller.GetFromJsonProblemAsync(Mismatched);
        await Eventually.TrueAsync(() => Passes(clock, gateway, "Asked live"), "it was asked about after all");
    }

    [Fact]
    public async Task Where_it_is_switched_off_nothing_is_asked()
    {
        var settings = WrongPin.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Diagnosis\": { \"Confirm\": false },", StringComparison.Ordinal);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var off = await Pair.StartAsync(settings: settings, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using var on = await Pair.StartAsync(settings: WrongPin, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));

        await off.Caller.GetFromJsonProblemAsync(Mismatched);
        await on.Caller.GetFromJsonProblemAsync(Mismatched);

        // By the same clock, where it is on it is asked at every version: by then, the other would have asked as well.
        await Eventually.TrueAsync(() => Passes(clock, on.Gateway, "Asked live"), "where it is on it is asked");
        var problem = await off.Caller.GetFromJsonProblemAsync(Mismatched);

        Assert.Null(problem["confirmed"]);
        Assert.Single(off.Sandbox.Requests.All); // the second answer comes from the memory of the first
        Assert.True(on.Sandbox.Requests.Count > 6, "it is asked at more than one version");
    }

    [Fact]
    public async Task A_write_that_misses_is_never_repeated()
    {
        var settings = GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings);

        using var answer = await pair.SendAsync("PATCH", Mismatched, "{}");
        var mismatch = await answer.ReadProblemAsync();
        await pair.Caller.GetFromJsonProblemAsync(Mismatched);
        await Eventually.TrueAsync(() => pair.Gateway.Logs.Lines.Any(line => line.Text.Contains("Asked live", StringComparison.Ordinal)), "the read was asked about");

        Assert.Equal("api-version-mismatch", (string?)mismatch["code"]);
        Assert.Single(pair.Sandbox.Requests.All, request => request.Method == "PATCH");
    }

    private const string RouteMiss =
        """{"status":"error","timestamp":"2026-01-01T00:00:00.000Z","path":"/v2/event-types/3928133","error":{"code":"NotFoundException","message":"Cannot GET /v2/event-types/3928133"}}""";

    private static bool Passes(FakeTimeProvider clock, GatewayFixture gateway, string line)
    {
        clock.Advance(TimeSpan.FromMilliseconds(250));
        return gateway.Logs.Lines.Any(logged => logged.Text.Contains(line, StringComparison.Ordinal));
    }
}
