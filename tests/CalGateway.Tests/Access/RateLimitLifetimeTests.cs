using System.Globalization;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>A limit ends with the revision that set it.</summary>
[Collection(RunsAlone.Name)]
public sealed class RateLimitLifetimeTests
{
    [Fact]
    public async Task Twenty_edits_of_limits_accepted_and_refused_leave_no_timer_running()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Limited(1_000, good: true));
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        (await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var before = Timer.ActiveCount;

        for (var edit = 1; edit <= 20; edit++)
        {
            var count = await EventsAsync(gateway);
            gateway.Edit(_ => Limited(1_000 + edit, good: edit % 5 > 0));
            await Eventually.TrueAsync(async () => await EventsAsync(gateway) != count, $"edit {edit} is judged");
            using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        }

        Assert.InRange(Timer.ActiveCount, 0, before + 10); // connections come and go
    }

    [Fact]
    public async Task A_consumers_limit_that_is_lowered_holds_for_its_next_requests()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithLimitOf(5));
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        Assert.Equal("200", await AskAsync(caller));
        var before = (string?)(await gateway.StatusAsync())["revision"];

        gateway.Edit(_ => WithLimitOf(1));
        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["revision"] != before, "the edit is in force"); // asked there, it costs no share

        Assert.Equal("200 429", $"{await AskAsync(caller)} {await AskAsync(caller)}");
    }

    private static async Task<string> AskAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<string?> EventsAsync(GatewayFixture gateway) => (string?)(await gateway.StatusAsync())["history"]![0]!["time"]!.ToString();

    private static string WithLimitOf(int requests) => AccessSettings.ApiKey(consumer => consumer["RateLimit"] = Limit(requests));

    /// <summary>A refused one is refused for its pin, after the limits have been made.</summary>
    private static string Limited(int requests, bool good) => AccessSettings.ApiKey(
        consumer => consumer["RateLimit"] = Limit(requests),
        access => access["RateLimit"] = Limit(requests + 1))
        .Replace("\"CalGateway\":{", "\"CalGateway\":{\"Pins\":\"Enforce\",", StringComparison.Ordinal)
        .Replace("2024-09-04", good ? "2024-09-04" : "2024-09-40", StringComparison.Ordinal);

    private static JsonObject Limit(int requests) => new() { ["Requests"] = requests, ["Window"] = "1.00:00:00" };
}
