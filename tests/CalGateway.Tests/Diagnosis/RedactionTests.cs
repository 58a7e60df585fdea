using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis;

public sealed class RedactionTests
{
    private const string Key = "our-self-hosted-key-42";

    [Theory]
    [InlineData("No such thing for cal_live_0123456789abcdef", "cal_live_")]
    [InlineData("No such thing for Bearer abc.def.ghi", "abc.def")]
    [InlineData("No such thing for eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ")]
    [InlineData("No such thing for " + Key, Key)]
    [InlineData("Cannot find /v2/x?apiKey=abcd&email=somebody@example.com", "somebody@example.com")]
    [InlineData("Cannot GET /v2/event-types/1?email=somebody@example.com", "somebody@example.com")]
    [InlineData("see https://api.cal.com/v2/x?email=somebody@example.com for more", "somebody@example.com")]
    [InlineData("the token=abcd1234 is unknown", "abcd1234")]
    public async Task What_Cal_com_says_is_quoted_without_keys_and_queries(string message, string secret)
    {
        await using var pair = await Pair.StartAsync(credential: Key);
        pair.Sandbox.Faults.Add(Fault.Status(404, body: Envelope(message)));

        using var answer = await pair.GetAsync("/calcom/v2/event-types/1?email=somebody@example.com");
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(502, (int)answer.StatusCode);
        Assert.NotEmpty((string)JsonNode.Parse(body)!["upstream"]!["message"]!);
        Assert.DoesNotContain(secret, body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Text.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_key_that_the_length_limit_would_cut_is_not_quoted_in_part()
    {
        await using var pair = await Pair.StartAsync(credential: Key);
        foreach (var filling in Enumerable.Range(1180, 30).Concat(Enumerable.Range(280, 30)))
        {
            pair.Sandbox.Faults.Add(Fault.Status(404, body: Envelope(new string('x', filling) + Key + " etc."), times: 1));
            using var answer = await pair.GetAsync("/calcom/v2/event-types/1");

            Assert.DoesNotContain("our-", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Control_characters_in_what_Cal_com_says_do_not_reach_the_log()
    {
        await using var pair = await Pair.StartAsync(credential: "cal_test_revoked");
        pair.Sandbox.Faults.Add(Fault.Status(401, body: Envelope("first\r\nFORGED LINE\u001b[31m\u2028\u202e")));

        using var answer = await pair.GetAsync("/calcom/v2/me");

        var line = Assert.Single(pair.Gateway.Logs.Lines, line => line.Text.Contains("FORGED", StringComparison.Ordinal));
        Assert.DoesNotContain(line.Text, character => char.IsControl(character) || character is '\u2028' or '\u202e');
    }

    private static string Envelope(string message) =>
        new JsonObject { ["status"] = "error", ["error"] = new JsonObject { ["code"] = "NotFoundException", ["message"] = message } }.ToJsonString();
}
