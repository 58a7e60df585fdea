using System.Net;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Http;
using static CalGateway.Tests.Diagnosis.Shadowing.ShadowScene;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary>What comparisons come to, and what is told of the answers.</summary>
public sealed class ShadowOutcomeTests
{
    [Theory]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":1},{"id":2,"a":1}]}""", "data")] // one was added between the two
    [InlineData("""{"data":[{"id":1,"a":null}]}""", """{"data":[{"id":2,"a":"x"}]}""", "data")] // another one, whose field is filled
    [InlineData("""{"data":[{"id":1},{"id":2}]}""", """{"data":[{"id":2},{"id":1}]}""", "data")]
    [InlineData("""{"data":[{"id":1,"state":"accepted"}]}""", """{"data":[{"id":1,"state":"cancelled"}]}""", "data")]
    [InlineData("""{"data":[{"id":1,"title":"one"}]}""", """{"data":[{"id":1,"title":"Two words, 2"}]}""", "same")]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":1,"b":2}]}""", "safe")]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":"1"}]}""", "breaking")]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":1},{"id":2}]}""", "data")] // what came lacks something optional
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":{"items":[{"id":1,"a":1}]}}""", "breaking")]
    [InlineData("""{"data":[]}""", """{"data":[]}""", "not-comparable")]
    [InlineData("""{"data":[{"id":1}]}""", "<html>no JSON</html>", "not-comparable")]
    [InlineData("""{"data":[{"id":1}]}""", """{"data":[{"id":1}""", "not-comparable")]
    [InlineData("""{"data":[{"id":1}]}""", "", "not-comparable")]
    public async Task Data_that_changed_between_the_two_reads_is_told_from_a_structure_that_differs(string pinned, string other, string outcome)
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, other, pinned);
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        (await caller.GetAsync(Bookings, Cancellation)).Dispose();

        Assert.Equal(outcome, Assert.Single((await ShadowAsync(gateway, "bookings", 1))["outcomes"]!.AsObject()).Key);
    }

    [Theory]
    [InlineData(500, "{}", "failed")]
    [InlineData(503, "{}", "failed")]
    [InlineData(400, """{"status":"error","error":{"code":"BadRequestException","message":"no"}}""", "breaking")]
    [InlineData(404, """{"status":"error","error":{"code":"NotFoundException","message":"Cannot GET /v2/bookings"}}""", "route-miss")]
    [InlineData(404, """{"status":"error","error":{"code":"NotFoundException","message":"No such booking"}}""", "breaking")]
    [InlineData(204, "", "not-comparable")]
    public async Task What_goes_wrong_at_the_other_version_is_counted_and_concerns_nobody_else(int status, string body, string outcome)
    {
        await using var upstream = await VersionedUpstream.StartAsync((context, version) => version == Other
            ? status == 204 ? NoContent(context) : context.SayAsync(body, status)
            : context.SayAsync("""{"data":[{"id":1}]}"""));
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 40; time++) // more than open a circuit
        {
            using var answer = await caller.GetAsync(Bookings, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var shadow = await ShadowAsync(gateway, "bookings", 40);
        Assert.Contains(outcome, shadow["outcomes"]!.AsObject().Select(counted => counted.Key));
        var told = await gateway.StatusAsync();
        Assert.DoesNotContain(told["concerns"]!.AsArray(), concern => ((string)concern!["code"]!).StartsWith("upstream", StringComparison.Ordinal));
        Assert.Empty(told["problems"]!.AsArray());

        static Task NoContent(HttpContext context)
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_version_that_nobody_knows_is_a_silent_downgrade_and_one_that_the_operation_lacks_a_route_miss()
    {
        foreach (var (version, outcome) in new[] { ("2031-01-01", "silent-downgrade"), ("2024-08-13", "route-miss") })
        {
            var settings = GatewayFixture.ShippedSettings.Replace(
                "\"CalApiVersion\": \"2024-06-14\"", $"\"CalApiVersion\": \"2024-06-14\", \"Shadow\": \"{version}\", \"ShadowPercent\": \"100\"", StringComparison.Ordinal);
            await using var pair = await Pair.StartAsync(settings: settings);
            (await pair.GetAsync(EventTypes)).Dispose();

            Assert.Equal(outcome, Assert.Single((await ShadowAsync(pair.Gateway, "event-types", 1))["outcomes"]!.AsObject()).Key);
            Assert.Contains((await pair.Gateway.StatusAsync())["warnings"]!.AsArray(), warning => ((string)warning!).Contains("Shadow of route \"event-types\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Answers_of_ten_megabytes_are_compared_by_their_beginning_and_reach_the_caller_whole()
    {
        var item = """{"id":1,"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},""";
        var large = $$"""{"data":[{{string.Concat(Enumerable.Repeat(item, 10_000_000 / item.Length))}}{"id":2}]}""";
        await using var upstream = await VersionedUpstream.StartAsync(Other, large.Replace("\"a\"", "\"b\"", StringComparison.Ordinal), large);
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 3; time++)
            Assert.Equal(large.Length, (await caller.GetByteArrayAsync(Bookings, Cancellation)).Length);

        var shadow = await ShadowAsync(gateway, "bookings", 3);
        Assert.Equal(3, (int)shadow["outcomes"]!["breaking"]!);
        Assert.Contains("\"path\":\"data[].a\"", shadow.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_value_of_an_answer_is_in_what_is_told()
    {
        const string Secret = "quite-a-secret-value";
        var answer = $$"""{"data":[{"id":"{{Secret}}","email":"{{Secret}}@example.com","metadata":{"colour":"{{Secret}}"},"slots":{"2026-12-01":["{{Secret}}"]},"n":424242}]}""";
        await using var upstream = await VersionedUpstream.StartAsync(Other, answer.Replace("\"email\"", "\"mail\"", StringComparison.Ordinal).Replace(Secret, "another-" + Secret, StringComparison.Ordinal), answer);
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();
        (await caller.GetAsync(Bookings, Cancellation)).Dispose();
        await ShadowAsync(gateway, "bookings", 1);

        using var operators = new HttpClient { BaseAddress = gateway.ManagementAddress };
        foreach (var path in new[] { "/status", "/metrics", "/config", $"/explain?path={Bookings}" })
        {
            var text = await operators.GetStringAsync(path, Cancellation);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("424242", text, StringComparison.Ordinal);
        }

        Assert.Contains(gateway.Logs.Lines, line => line.Text.Contains("data[].email (string) is gone", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains(Secret, StringComparison.Ordinal));
        Assert.All(gateway.Spans.All, span => Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains(Secret, StringComparison.Ordinal) == true));
    }
}
