using System.Diagnostics;
using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.Management;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Admission;

/// <summary>The spans of a request tell what kept it from Cal.com.</summary>
public sealed class AdmissionSpanTests
{
    private const string Me = "/calcom/v2/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Me)]
    [InlineData(CacheScene.List)]
    public async Task A_wait_for_quota_is_told_in_seconds_and_only_where_there_was_one(string path)
    {
        await using var pair = await Pair.StartAsync(
            new SandboxOptions { RateLimit = true, RateLimitRequests = 4, RateLimitWindow = TimeSpan.FromSeconds(2) },
            environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Quota__Wait"] = "00:00:10" });
        string? atOnce = null;
        for (var i = 0; i < 4; i++)
            atOnce = await IdAsync(await pair.GetAsync(Me));

        var waited = await IdAsync(await pair.GetAsync(path));

        Assert.DoesNotContain(await SpansAsync(pair.Gateway, atOnce!), span => span.TagObjects.Any(tag => tag.Key.StartsWith("calgateway.upstream.", StringComparison.Ordinal)));
        var spans = await SpansAsync(pair.Gateway, waited);
        Assert.All(Around(spans), span => Assert.InRange((double)span.GetTagItem("calgateway.upstream.quota.waited")!, 0.1, 10));
        Assert.All(Around(spans), span => Assert.Equal("read", span.GetTagItem("calgateway.upstream.class")));
        Assert.Null(Around(spans)[0].GetTagItem("calgateway.upstream.refused"));
    }

    [Fact]
    public async Task A_wait_for_a_place_is_told_also_where_the_caller_hangs_up()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true, environment: new Dictionary<string, string?> { ["CalGateway__Upstream__MaxConcurrency"] = "1" });
        scene.Sandbox.Faults.Add(Fault.Hang());
        var first = scene.GetAsync(Me);
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.Count == 1, "one is at Cal.com");
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waits = scene.Caller.GetAsync("/calcom/v2/schedules", hangUp.Token);
        await scene.Gateway.StatusWhenAsync(status => (int?)status["upstream"]!["protection"]?["waiting"] == 1, "one waits");

        var refused = await scene.GetAsync("/calcom/v2/bookings");
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        scene.Sandbox.Faults.Clear();
        await first;

        Assert.Equal("circuit-open", refused.Code);
        await Eventually.TrueAsync(
            () => scene.Gateway.Spans.All.Count(span => span.GetTagItem("calgateway.upstream.concurrency.waited") is > 0.0 && Equals(span.GetTagItem("calgateway.upstream.class"), "read")) == 2,
            "both spans of the one that waited tell it");
        Assert.All(Around(await SpansAsync(scene.Gateway, refused["X-Request-Id"]!)), span => Assert.Equal("concurrency", span.GetTagItem("calgateway.upstream.refused")));
    }

    [Theory]
    [InlineData("quota", "GET", "read")]
    [InlineData("quota", "DELETE", "write")]
    [InlineData("circuit", "GET", "read")]
    [InlineData("circuit", "DELETE", "write")]
    public async Task A_refusal_is_told_with_its_reason_and_its_class(string reason, string method, string @class)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(reason == "quota" ? Fault.RateLimit(TimeSpan.FromSeconds(30), times: 1) : Fault.Status(500));
        for (var i = 0; i < (reason == "quota" ? 1 : 10); i++)
            (await pair.GetAsync(Me)).Dispose();

        var refused = await pair.SendAsync(method, "/calcom/v2/schedules/7", null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        var spans = Around(await SpansAsync(pair.Gateway, await IdAsync(refused)));
        Assert.All(spans, span => Assert.Equal((reason, @class), (span.GetTagItem("calgateway.upstream.refused"), span.GetTagItem("calgateway.upstream.class"))));
    }

    [Fact]
    public async Task A_refresh_that_is_refused_tells_it_on_its_own_span()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30), times: 1));
        await scene.GetAsync(Me);

        var cause = (await scene.GetAsync())["X-Request-Id"]!;

        await Eventually.TrueAsync(() => scene.Gateway.Spans.CausedBy(cause).Any(span => span.DisplayName == "cache refresh"), "the refresh has ended");
        var refresh = Assert.Single(scene.Gateway.Spans.CausedBy(cause), span => span.DisplayName == "cache refresh");
        Assert.Equal(("quota", "refresh"), (refresh.GetTagItem("calgateway.upstream.refused"), refresh.GetTagItem("calgateway.upstream.class")));
        Assert.Equal(0, (int)(await scene.Gateway.StatusAsync())["upstream"]!["quota"]!["refused"]!); // no caller was refused anything
    }

    [Theory]
    [InlineData(Me)]
    [InlineData(CacheScene.List)]
    public async Task A_retry_is_told_on_the_second_clients_span_and_around_it(string path)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(503, times: 1));

        var spans = await SpansAsync(pair.Gateway, await IdAsync(await pair.GetAsync(path)));

        Assert.All(Around(spans), span => Assert.Equal((1, "success"), (span.GetTagItem("http.request.resend_count"), span.GetTagItem("calgateway.upstream.retry"))));
        var attempts = spans.Where(span => span.Source.Name == "System.Net.Http").OrderBy(span => span.StartTimeUtc).ToList();
        Assert.Equal([null, 1], attempts.Select(span => span.GetTagItem("http.request.resend_count")));
    }

    private static async Task<string> IdAsync(HttpResponseMessage answer)
    {
        using (answer)
            await answer.Content.LoadIntoBufferAsync(Cancellation);
        return answer.Headers.GetValues("X-Request-Id").Single();
    }

    /// <summary>The server span, and YARP's inside it.</summary>
    private static IReadOnlyList<Activity> Around(IReadOnlyList<Activity> spans) =>
        [Assert.Single(spans, span => span.Source.Name == "Microsoft.AspNetCore"), Assert.Single(spans, span => span.Source.Name == "Yarp.ReverseProxy")];

    /// <summary>A span ends a moment after the caller has its answer.</summary>
    private static async Task<IReadOnlyList<Activity>> SpansAsync(GatewayFixture gateway, string id)
    {
        await Eventually.TrueAsync(
            () => gateway.Spans.Of(id) is var spans && spans.Any(span => span.Source.Name == "Microsoft.AspNetCore") && spans.Any(span => span.Source.Name == "Yarp.ReverseProxy"), "its spans have ended");
        return gateway.Spans.Of(id);
    }
}
