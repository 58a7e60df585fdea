using CalGateway.Telemetry.Logs;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry.Logs;

public sealed class AccessLogTests
{
    [Fact]
    public async Task There_is_none_until_an_edit_switches_it_on()
    {
        await using var pair = await Pair.StartAsync();

        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        Assert.Empty(Lines(pair));
        pair.Gateway.Edit(settings => With(settings, """{ "Enabled": true }"""));

        await Eventually.TrueAsync(
            async () =>
            {
                (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
                return Lines(pair).Count > 0;
            },
            "the edit is in force");
    }

    [Fact]
    public async Task A_line_says_what_was_asked_and_what_came_of_it()
    {
        await using var pair = await Pair.StartAsync(settings: With(GatewayFixture.ShippedSettings, """{ "Enabled": true }"""));

        using var miss = await pair.GetAsync("/calcom/v2/event-types");
        using var hit = await pair.GetAsync("/calcom/v2/event-types");
        using var problem = await pair.GetAsync("/calcom/v2/event-typos");
        await Eventually.TrueAsync(() => Lines(pair).Count == 3, "each has its line");

        Assert.Matches($@"^GET /calcom/v2/event-types 200 [\d.]+ ms route=event-types version=2024-06-14 cache=miss problem=- consumer=- trace={IdOf(miss)} $", LineOf(pair, miss));
        Assert.Matches($@"^GET /calcom/v2/event-types 200 [\d.]+ ms route=event-types version=- cache=hit problem=- consumer=- trace={IdOf(hit)} $", LineOf(pair, hit));
        Assert.Matches($@"^GET /calcom/v2/event-typos 502 [\d.]+ ms route=rest version=2024-08-13 cache=- problem=unknown-endpoint consumer=- trace={IdOf(problem)} $", LineOf(pair, problem));
    }

    [Fact]
    public async Task No_query_no_key_and_no_control_character_is_in_it_and_it_is_bounded()
    {
        await using var pair = await Pair.StartAsync(credential: "cal_test_a_very_private_key", settings: With(GatewayFixture.ShippedSettings, """{ "Enabled": true }"""));

        (await pair.GetAsync("/calcom/v2/me?attendeeEmail=somebody@example.com&apiKey=private")).Dispose();
        (await pair.GetAsync("/calcom/v2/me/cal_test_a_very_private_key")).Dispose();
        (await pair.GetAsync("/nowhere%0d%0aforged%20line%1b%5b31m%e2%80%a8")).Dispose();
        (await pair.GetAsync("/nowhere/" + new string('a', 4000))).Dispose();
        await pair.AskRawAsync("MADEUP /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await Eventually.TrueAsync(() => Lines(pair).Count == 5, "each has its line");

        Assert.All(Lines(pair), line =>
        {
            Assert.DoesNotContain("private", line, StringComparison.Ordinal);
            Assert.DoesNotContain("somebody", line, StringComparison.Ordinal);
            Assert.DoesNotContain(line, char.IsControl);
            Assert.DoesNotContain('\u2028', line);
            Assert.InRange(line.Length, 1, 400);
        });
        Assert.Single(Lines(pair), line => line.StartsWith("_OTHER /nowhere", StringComparison.Ordinal));
    }

    private static string With(string settings, string access) =>
        settings.Replace("\"CalGateway\": {", $$"""
            "CalGateway": { "Logs": { "Access": {{access}} },
            """, StringComparison.Ordinal);

    private static List<string> Lines(Pair pair) =>
        [.. pair.Gateway.Logs.Lines.Where(line => line.Category == typeof(AccessLog).FullName).Select(line => line.Text)];

    /// <summary>A line is written when its answer has been sent, so the next may come before it.</summary>
    private static string LineOf(Pair pair, HttpResponseMessage answer) => Assert.Single(Lines(pair), line => line.Contains(IdOf(answer), StringComparison.Ordinal));

    private static string IdOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Request-Id").Single();
}
