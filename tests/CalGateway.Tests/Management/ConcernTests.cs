using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>What <c>/status</c> says is not well, what it says first, and that it stops saying so.</summary>
public sealed class ConcernTests
{
    private const string List = "/calcom/v2/event-types";

    [Fact]
    public async Task A_gateway_that_is_well_has_no_concern()
    {
        await using var pair = await Pair.StartAsync();
        (await pair.GetAsync(List)).Dispose();

        await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 1, "the request is counted");
        await pair.Gateway.ConcernsWhenAsync();
        Assert.Equal("ok", await StateAsync(pair.Gateway));
    }

    [Fact]
    public async Task A_doubted_pin_names_line_and_version_and_callers_that_met_it_weigh_more()
    {
        await using var pair = await Pair.StartAsync(settings: GatewayFixture.ShippedSettings.ReplaceFirst("2024-06-14", "2024-08-13"));

        var doubted = (await pair.Gateway.ConcernsWhenAsync("pin-doubted"))[0];
        Assert.Equal(("Warning", "event-types"), ((string?)doubted["level"], (string?)doubted["route"]));
        Assert.Equal("In yarp.json:10 set CalApiVersion of event-types to \"2024-06-14\"; it takes effect on save.", (string?)doubted["remedy"]);

        (await pair.GetAsync(List)).Dispose();

        var met = (await pair.Gateway.ConcernsWhenAsync("version-mismatch"))[0];
        Assert.Equal("Failing", (string?)met["level"]);
        Assert.Equal("In yarp.json:10 set CalApiVersion of event-types to \"2024-06-14\"; it takes effect on save.", (string?)met["remedy"]);
    }

    [Fact]
    public async Task One_old_operation_does_not_have_the_pin_of_all_others_changed()
    {
        // As shipped, the old operation has a route of its own; an operator's shorter file has not.
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings)!;
        Assert.True(settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("older-reschedule"));
        await using var pair = await Pair.StartAsync(settings: settings.ToJsonString());
        (await pair.GetAsync("/calcom/v2/bookings/uid/reschedule")).Dispose();

        var concern = (await pair.Gateway.ConcernsWhenAsync("version-mismatch"))[0];
        Assert.Equal(("Warning", "bookings"), ((string?)concern["level"], (string?)concern["route"]));
        Assert.Equal("warning", await StateAsync(pair.Gateway));
        Assert.StartsWith(
            "Give GET /v2/bookings/{bookingUid}/reschedule a route of its own, with CalApiVersion \"2024-06-14\"", (string?)concern["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_edit_stands_behind_what_fails_and_before_what_may_wait()
    {
        await using var pair = await Pair.StartAsync();
        pair.Gateway.Edit(text => text.ReplaceFirst("2024-06-14", "2024-08-13"));
        await pair.Gateway.ConcernsWhenAsync("pin-doubted");
        pair.Gateway.Edit(text => text.Replace("ClusterId", "ClusterIt", StringComparison.Ordinal));
        await pair.Gateway.ConcernsWhenAsync("pin-doubted", "edit-refused");
        (await pair.GetAsync(List)).Dispose();

        var concerns = await pair.Gateway.ConcernsWhenAsync("version-mismatch", "edit-refused");
        Assert.Equal("failing", await StateAsync(pair.Gateway));
        Assert.Contains("did you mean \"ClusterId\"?", (string?)concerns[1]["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_key_is_told_with_where_a_valid_one_goes()
    {
        await using var pair = await Pair.StartAsync(credential: "cal_test_nobodys");
        (await pair.GetAsync("/calcom/v2/me")).Dispose();

        var first = (await pair.Gateway.ConcernsWhenAsync("credential-rejected"))[0];
        Assert.Equal("Failing", (string?)first["level"]);
        Assert.Contains("CALCOM_API_KEY", (string?)first["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_key_that_is_replaced_in_its_file_is_no_concern_any_more_without_a_further_request()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-key-");
        var file = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(file, "cal_test_nobodys", TestContext.Current.CancellationToken);
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?> { ["CALCOM_API_KEY"] = null, ["CALCOM_API_KEY_FILE"] = file });
        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        await pair.Gateway.ConcernsWhenAsync("credential-rejected");

        await File.WriteAllTextAsync(file, pair.Sandbox.ApiKey, TestContext.Current.CancellationToken);

        await pair.Gateway.ConcernsWhenAsync();
        Assert.Equal("ok", await StateAsync(pair.Gateway));
        Assert.Equal(1, pair.Sandbox.Requests.Count);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(400, "BadRequestException")]
    [InlineData(404, "NotFoundException")]
    [InlineData(422, "UnprocessableEntityException")]
    [InlineData(503, "ServiceUnavailableException")]
    public async Task A_rejected_key_is_told_until_Cal_com_accepts_a_request_and_a_refusal_of_another_kind_is_no_acceptance(int told, string code)
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(401, times: 1, body: """{"status":"error","error":{"code":"UnauthorizedException","message":"ApiAuthStrategy - Invalid API Key"}}"""));
        await scene.GetAsync("/calcom/v2/me");
        await scene.Gateway.StatusWhenAsync(IsRejected, "the rejection is told");

        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        scene.Sandbox.Faults.Add(Fault.Status(told, body: $$$"""{"status":"error","error":{"code":"{{{code}}}","message":"No."}}""").For("GET", "/v2/bookings/aUid"));
        await scene.GetAsync("/calcom/v2/bookings/aUid");
        Assert.True(IsRejected(await scene.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 2, "the refusal is counted")), "the rejection is not told any more");

        await scene.GetAsync("/calcom/v2/me");
        await scene.Gateway.StatusWhenAsync(status => !IsRejected(status), "an acceptance ends it");
    }

    [Fact]
    public async Task A_rejected_key_of_another_account_is_told_by_the_accounts_name_until_it_is_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-key-");
        var file = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(file, "cal_test_nobodys", TestContext.Current.CancellationToken);
        await using var pair = await Pair.StartAsync(settings: AccessSettings.ApiKey(
            consumer => consumer["Credential"] = "acme",
            access => access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["File"] = file } }));
        using var answer = await pair.GetAsync("/calcom/v2/me", ("X-Api-Key", AccessSettings.Key));
        Assert.Contains("Access:Credentials", (string?)(await answer.ReadProblemAsync())["remedy"], StringComparison.Ordinal);

        var concern = (await pair.Gateway.ConcernsWhenAsync("credential-rejected"))[0];
        Assert.Contains("acme", (string?)concern["title"], StringComparison.Ordinal);
        Assert.DoesNotContain("CALCOM_API_KEY", (string?)concern["remedy"], StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, pair.Sandbox.ApiKey, TestContext.Current.CancellationToken);

        await pair.Gateway.ConcernsWhenAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_on_a_hanging_Cal_com_is_not_counted_as_its_failure()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Hang());
        foreach (var path in new[] { "/calcom/v2/me", "/calcom/v2/bookings" })
        {
            var asked = pair.Sandbox.Requests.Count;
            using var hangUp = new CancellationTokenSource();
            var waiting = pair.Caller.GetAsync(path, hangUp.Token);
            await Eventually.TrueAsync(() => pair.Sandbox.Requests.Count > asked, "Cal.com is asked");
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        var status = await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 2, "both are counted");
        Assert.Empty(status["concerns"]!.AsArray());
        Assert.Equal(0, (int)status["upstream"]!["failures"]!);
        Assert.Null(status["upstream"]!["lastFailure"]);
    }

    [Fact]
    public async Task An_outage_is_told_and_old_lists_with_it_until_Cal_com_answers_again()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        await scene.StopUpstreamAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(20));
        await scene.GetAsync();

        await scene.Gateway.ConcernsWhenAsync("upstream-down", "stale-served");

        await scene.RestartUpstreamAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        await scene.GetAsync();
        await scene.Gateway.ConcernsWhenAsync();
    }

    [Fact]
    public async Task An_error_of_Cal_coms_own_is_told_with_its_status()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(503, times: 2)); // it is asked again
        (await pair.GetAsync("/calcom/v2/me")).Dispose();

        Assert.Equal("Cal.com fails with 503", (string?)(await pair.Gateway.ConcernsWhenAsync("upstream-down"))[0]["title"]);
        Assert.Equal("failing", await StateAsync(pair.Gateway));

        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        await pair.Gateway.ConcernsWhenAsync();
        Assert.Equal("ok", await StateAsync(pair.Gateway));
    }

    [Fact]
    public async Task An_answer_in_an_older_shape_is_told()
    {
        var settings = GatewayFixture.ShippedSettings.ReplaceFirst("\"CalApiVersion\": \"2024-06-14\"", "\"CalApiVersion\": \"2031-01-01\", \"Unverified\": \"true\"");
        await using var pair = await Pair.StartAsync(settings: settings);
        (await pair.GetAsync(List)).Dispose();

        var concern = (await pair.Gateway.ConcernsWhenAsync("shape-mismatch"))[0];
        Assert.Equal("event-types", (string?)concern["route"]);
        Assert.Contains("\"2024-06-14\"", (string?)concern["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_are_quota_and_circuit_of_another_account()
    {
        var consumer = AccessSettings.Consumer(AccessSettings.Key);
        consumer["Credential"] = "acme";
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?> { ["ACME_KEY"] = "cal_test_another_key" }, settings: AccessSettings.With(new JsonObject
        {
            ["Mode"] = "ApiKey",
            ["Consumers"] = new JsonObject { ["desk"] = consumer },
            ["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "ACME_KEY" } },
        }));
        pair.Sandbox.Faults.Add(Fault.Status(500));
        for (var i = 0; i < 10; i++)
            (await pair.GetAsync("/calcom/v2/me", ("X-Api-Key", AccessSettings.Key))).Dispose();
        await pair.Gateway.StatusWhenAsync(status => (string?)status["upstream"]!["accounts"]![0]!["protection"]?["circuit"] == "open", "its circuit is open");
        Assert.Contains((await pair.Gateway.StatusAsync())["concerns"]!.AsArray(), concern => (string?)concern!["code"] == "circuit-open");

        pair.Sandbox.Faults.Clear();
        pair.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(40)));
        await Eventually.TrueAsync(
            async () =>
            {
                (await pair.GetAsync("/calcom/v2/me", ("X-Api-Key", AccessSettings.Key))).Dispose();
                return (await pair.Gateway.StatusAsync())["concerns"]!.AsArray().Any(concern => (string?)concern!["code"] == "quota-exhausted");
            },
            "its quota is used up", TimeSpan.FromSeconds(20));

        var status = await pair.Gateway.StatusAsync();
        Assert.Contains("\"acme\"", (string?)status["concerns"]!.AsArray().Single(concern => (string?)concern!["code"] == "quota-exhausted")!["title"], StringComparison.Ordinal);
        Assert.Equal(("acme", 0), ((string?)status["upstream"]!["accounts"]![0]!["account"], (int?)status["upstream"]!["accounts"]![0]!["quota"]!["left"]));
        Assert.Null(status["upstream"]!["quota"]);
    }

    [Fact]
    public async Task A_quota_that_runs_out_is_told_with_what_is_left()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(40), times: 1));
        (await pair.GetAsync("/calcom/v2/me")).Dispose();

        await pair.Gateway.ConcernsWhenAsync("quota-exhausted");
        var status = await pair.Gateway.StatusAsync();
        Assert.Equal(0, (int)status["upstream"]!["quotaLeft"]!);
        Assert.NotNull(status["upstream"]!["quotaResetsAt"]);
    }

    private static bool IsRejected(JsonNode status) => status["concerns"]!.AsArray().Any(concern => (string?)concern!["code"] == "credential-rejected");

    private static async Task<string?> StateAsync(GatewayFixture gateway) => (string?)(await gateway.StatusAsync())["state"];
}
