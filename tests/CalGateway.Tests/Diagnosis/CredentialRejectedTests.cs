using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Diagnosis;

public sealed class CredentialRejectedTests
{
    [Theory]
    [InlineData("cal_test_revoked", "/calcom/v2/me", 401)]
    [InlineData("cal_test_revoked", "/calcom/v2/event-types", 401)]
    [InlineData("not-one-of-cal-coms", "/calcom/v2/me", 401)]
    [InlineData("expired-access-token", "/calcom/v2/me", 498)]
    public async Task A_key_that_Cal_com_refuses_is_the_operators_to_mend_and_not_the_callers(string key, string path, int upstream)
    {
        await using var pair = await Pair.StartAsync(credential: key);

        using var answer = await pair.GetAsync(path);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((502, "credential-rejected"), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Equal(upstream, (int?)problem["upstream"]!["status"]);
        Assert.False(answer.Headers.Contains("WWW-Authenticate"));
        Assert.Contains(pair.Gateway.Logs.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("rejects the gateway's credential", StringComparison.Ordinal));
        Assert.DoesNotContain(key, problem.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Text.Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PermissionsGuard - no oAuth client found for access token=the-key", "credential-rejected")]
    [InlineData("nobody has the-key", "credential-rejected")]
    [InlineData("You do not own this event type", null)]
    public async Task A_403_is_told_apart_by_whom_it_is_about(string message, string? code)
    {
        await using var pair = await Pair.StartAsync(credential: "the-key");
        var body = new JsonObject { ["status"] = "error", ["error"] = new JsonObject { ["code"] = "ForbiddenException", ["message"] = message } }.ToJsonString();
        pair.Sandbox.Faults.Add(Fault.Status(403, body: body));

        using var answer = await pair.GetAsync("/calcom/v2/event-types/1");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code is null ? 403 : 502, (int)answer.StatusCode);
        if (code is null)
            Assert.Equal(body, text);
        else
            Assert.Equal(code, (string?)JsonNode.Parse(text)!["code"]);
        Assert.DoesNotContain("the-key", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_on_a_route_that_does_not_sign_is_no_verdict_on_the_key_and_names_what_would_sign()
    {
        await using var pair = await Pair.StartAsync(
            settings: GatewayFixture.ShippedSettings.Replace(", { \"CalApiVersion\": \"2024-08-13\" }", "", StringComparison.Ordinal));

        var problem = await pair.Caller.GetFromJsonProblemAsync("/calcom/v2/me");

        Assert.Equal("unauthenticated", (string?)problem["code"]);
        Assert.Contains("has no CalApiVersion, which is what signs", (string?)problem["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_403_that_breaks_off_is_a_broken_answer_and_no_verdict_on_the_key()
    {
        await using var upstream = ScriptedUpstream.Saying("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"status\":");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        var problem = await caller.GetFromJsonProblemAsync("/calcom/v2/me");

        Assert.Equal("upstream-invalid", (string?)problem["code"]);
    }
}
