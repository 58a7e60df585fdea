using System.Net;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using static CalGateway.Tests.Diagnosis.Shadowing.ShadowScene;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary>Reads that are not asked once more: what may change something, other callers, no quota, no whole answer.</summary>
public sealed class NotShadowedTests
{
    [Theory]
    [InlineData("POST", "/calcom/v2/bookings")]
    [InlineData("PATCH", "/calcom/v2/me")]
    [InlineData("DELETE", "/calcom/v2/schedules/1")]
    [InlineData("HEAD", "/calcom/v2/bookings")]
    [InlineData("GET", "/calcom/v2/stripe/save?code=1&state=2")]
    [InlineData("GET", "/calcom/v2/calendars/google/save?code=1")]
    [InlineData("GET", "/calcom/v2/a-read-that-nobody-knows")]
    public async Task Nothing_is_asked_twice_that_may_change_something(string method, string path)
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"data":{"a":1}}""", """{"data":{"a":1}}""");
        await using var gateway = await StartAsync(upstream, everywhere: true);
        using var caller = gateway.CreateClient();

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await caller.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        (await caller.GetAsync("/calcom/v2/me", Cancellation)).Dispose();

        await Eventually.TrueAsync(() => upstream.CountAt(Other) == 1, "the read behind it is asked once more");
        Assert.Equal("/v2/me", upstream.Requests.Single(request => request.Version == Other).Target);
    }

    [Fact]
    public async Task Where_the_quota_is_nearly_gone_it_stops()
    {
        var left = 120; // nobody else uses the key
        await using var upstream = await VersionedUpstream.StartAsync((context, _) =>
        {
            context.Response.Headers["X-RateLimit-Limit-Default"] = "120";
            context.Response.Headers["X-RateLimit-Remaining-Default"] = Interlocked.Decrement(ref left).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["X-RateLimit-Reset-Default"] = "60";
            return context.SayAsync("""{"data":[{"id":1}]}""");
        });
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 58; time++)
        {
            using var answer = await caller.GetAsync(Bookings, Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{time}, {left} left: {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        var shadow = await ShadowAsync(gateway, "bookings", 58);
        Assert.True((int)shadow["outcomes"]!["same"]! >= 10, shadow.ToJsonString());
        Assert.True((int)shadow["outcomes"]!["skipped"]! >= 8, shadow.ToJsonString());
        Assert.InRange(left, 13, 32); // callers go on with what is kept for them
    }

    [Fact]
    public async Task Consumers_and_callers_at_other_versions_are_not_compared()
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"data":[{"a":1}]}""", """{"data":[{"a":1}]}""");
        var settings = Settings($", \"Caller\": \"Known\", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"100\"", "")
            .Replace("\"CalGateway\": {", $$"""
                "CalGateway": { "Access": { "Consumers": { "desk": { "Keys": ["{{CalGateway.Access.Callers.KeyHash.Of(Access.AccessSettings.Key)}}"], "Versions": { "bookings": "2024-06-14" } } } },
                """, StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, settings: settings);
        using var caller = gateway.CreateClient();

        await AskAsync(("X-Api-Key", Access.AccessSettings.Key));
        await AskAsync(("cal-api-version", "2024-04-15"));
        await AskAsync(("cal-api-version", Other));
        await AskAsync(("cal-api-version", Pin));

        await ShadowAsync(gateway, "bookings", 1);
        Assert.Equal(["2024-06-14", "2024-04-15", Other, Pin, Other], upstream.Requests.Select(request => request.Version));

        async Task AskAsync((string Name, string Value) header)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Bookings);
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            (await caller.SendAsync(request, Cancellation)).Dispose();
        }
    }

    [Fact]
    public async Task A_caller_that_hangs_up_or_an_answer_that_breaks_off_is_not_compared_and_takes_no_place_for_good()
    {
        using var toBreak = new SemaphoreSlim(0);
        var never = new TaskCompletionSource();
        await using var upstream = await VersionedUpstream.StartAsync(async (context, version) =>
        {
            if (version == Other || !context.Request.QueryString.HasValue)
            {
                await context.SayAsync("""{"data":[{"id":1}]}""");
                return;
            }

            await context.SayAsync($"{{\"data\":[{{\"start\":\"{new string('x', 600)}\"");
            await context.Response.Body.FlushAsync();
            await (context.Request.Query.ContainsKey("break") ? toBreak.WaitAsync(context.RequestAborted) : never.Task.WaitAsync(context.RequestAborted));
            context.Abort();
        });
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 40; time++) // more than there are places for samples
        {
            (await caller.GetAsync(Bookings + "?hangs=up", HttpCompletionOption.ResponseHeadersRead, Cancellation)).Dispose();
            using var broken = await caller.GetAsync(Bookings + "?break=off", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            toBreak.Release();
            await Assert.ThrowsAnyAsync<Exception>(() => broken.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal(0, upstream.CountAt(Other));
        await Eventually.TrueAsync(
            async () =>
            {
                (await caller.GetAsync(Bookings, Cancellation)).Dispose();
                return (await ShadowAsync(gateway, "bookings", 1))["outcomes"]!["same"] is not null;
            }, "there is a place again");
    }
}
