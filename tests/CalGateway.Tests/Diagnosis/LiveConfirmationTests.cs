using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

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
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("Asked live", StringComparison.Ordinal)), "it was given up");

        Assert.Equal(2, sandbox.Requests.Count);
    }
}
