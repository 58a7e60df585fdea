using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
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

    [Theory]
    [InlineData(401, "/calcom/v2/me")]
    [InlineData(403, "/calcom/v2/event-types/1")]
    [InlineData(404, "/calcom/v2/event-types/1")]
    [InlineData(404, "/calcom/v2/event-types")]
    [InlineData(400, "/calcom/v2/me")]
    [InlineData(410, "/calcom/v1/event-types")]
    [InlineData(500, "/calcom/v2/me")]
    [InlineData(302, "/calcom/v2/me")]
    public async Task The_key_of_another_account_is_quoted_no_more_than_the_gateways_own(int status, string path)
    {
        const string key = "acme+self/hosted.key=7";
        await using var pair = await AcmeAsync(key);
        var escaped = Uri.EscapeDataString(key);
        var headers = new Dictionary<string, string>
        {
            ["X-Request-Id"] = "of-" + key, ["X-Seen"] = "Bearer " + key, ["Location"] = "/v2/me?apiKey=" + escaped, ["ETag"] = $"\"{key}\"",
        };
        string[] bodies =
        [
            Envelope($"nobody has {key} or Bearer {key}"), Envelope($"see /v2/x/{escaped}"), $"<html>{key}</html>",
            $$$"""{"status":"error","timestamp":"{{{key}}}","error":{"code":"{{{key}}}","message":"Cannot GET /v2/{{{key}}}"}}""",
            $$$"""{"statusCode":{{{status}}},"message":"{{{key.Replace("/", "\\/", StringComparison.Ordinal)}}}"}""",
        ];

        foreach (var body in bodies)
        {
            pair.Sandbox.Faults.Clear();
            pair.Sandbox.Faults.Add(Fault.Status(status, body: body, contentType: body[0] == '<' ? "text/html" : "application/json", headers: headers));
            using var answer = await pair.GetAsync(path, ("X-Api-Key", AccessSettings.Key));
            var said = $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";

            Assert.True((int)answer.StatusCode >= 300);
            NowhereIn(said, key, escaped);
        }

        Assert.Contains(pair.Sandbox.Requests.All, asked => $"{asked.Query}{asked.Header("Authorization").SingleOrDefault()}".Contains("acme", StringComparison.Ordinal));
        NowhereIn(string.Join('\n', pair.Gateway.Logs.Lines.Select(line => line.Text)), key, escaped);
        NowhereIn(string.Join('\n', pair.Gateway.Spans.All.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}"))), key, escaped);
        using var management = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        foreach (var page in new[] { "/", "/status", "/config", "/metrics" })
            NowhereIn(await management.GetStringAsync(page, TestContext.Current.CancellationToken), key, escaped);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nnot a header acme-key-7\r\n\r\n")]
    [InlineData("HTTP/1.1 acme-key-7\r\n\r\n")]
    [InlineData("HTTP/1.1 409 acme-key-7\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 Bearer acme-key-7\r\nX-Seen: acme-key-7\r\nContent-Length: 2\r\n\r\n{}")]
    public async Task A_key_in_what_is_hardly_HTTP_is_quoted_nowhere(string said)
    {
        await using var upstream = ScriptedUpstream.Saying(said);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, settings: OfAcme(), environment: new Dictionary<string, string?> { ["CALCOM_API_KEY_ACME"] = "acme-key-7" });

        var answer = await RawConnection.AskAsync(
            gateway.Address, $"GET /calcom/v2/me HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: {AccessSettings.Key}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        NowhereIn(answer, "acme-key-7");
        NowhereIn(string.Join('\n', gateway.Logs.Lines.Where(line => line.Category.StartsWith("CalGateway", StringComparison.Ordinal)).Select(line => line.Text)), "acme-key-7");
    }

    private static void NowhereIn(string text, params string[] keys) =>
        Assert.All(keys, key => Assert.DoesNotContain(key, text, StringComparison.OrdinalIgnoreCase));

    private static Task<Pair> AcmeAsync(string key) =>
        Pair.StartAsync(new SandboxOptions { V1Works = true }, settings: OfAcme(), environment: new Dictionary<string, string?> { ["CALCOM_API_KEY_ACME"] = key });

    /// <summary>The caller with the key of the tests is signed for with another account's.</summary>
    private static string OfAcme() => AccessSettings.ApiKey(
        consumer => consumer["Credential"] = "acme",
        access => access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "CALCOM_API_KEY_ACME" } });

    private static string Envelope(string message) =>
        new JsonObject { ["status"] = "error", ["error"] = new JsonObject { ["code"] = "NotFoundException", ["message"] = message } }.ToJsonString();
}
