using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.Journey;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.Doctor;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Http;

namespace CalGateway.Tests.Telemetry;

public sealed class TraceTests
{
    [Fact]
    public async Task One_request_is_one_trace_of_server_forwarder_and_client()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/event-types");
        var spans = await SpansAsync(pair, answer, 3);

        var (server, forwarder, client) = (From(spans, "Microsoft.AspNetCore"), From(spans, "Yarp.ReverseProxy"), From(spans, "System.Net.Http"));
        Assert.Equal((ActivityKind.Server, ActivityKind.Client), (server.Kind, client.Kind));
        Assert.Equal((default, server.SpanId, forwarder.SpanId), (server.ParentSpanId, forwarder.ParentSpanId, client.ParentSpanId));
        Assert.Equal("event-types", server.GetTagItem("calgateway.route"));
        Assert.Equal(answer.Headers.GetValues("CalGateway-Revision").Single(), server.GetTagItem("calgateway.revision"));
        Assert.Equal("2024-06-14", server.GetTagItem("calcom.api_version"));
        Assert.Equal("miss", server.GetTagItem("calgateway.cache.result"));
        Assert.Equal(answer.Headers.GetValues("CalGateway-Upstream-Request-Id").Single(), server.GetTagItem("calcom.request_id"));
        Assert.Null(server.GetTagItem("calgateway.problem.code"));
        Assert.Equal(200, server.GetTagItem("http.response.status_code"));
    }

    [Fact]
    public async Task A_hit_is_a_server_span_alone()
    {
        await using var pair = await Pair.StartAsync();
        using var first = await pair.GetAsync("/calcom/v2/event-types");

        using var answer = await pair.GetAsync("/calcom/v2/event-types");
        var server = Assert.Single(await SpansAsync(pair, answer, 1));

        Assert.Equal("hit", server.GetTagItem("calgateway.cache.result"));
        Assert.Null(server.GetTagItem("calcom.api_version"));
    }

    [Theory]
    [InlineData("GET", "/calcom/v2/event-types", "2024-06-14")]
    [InlineData("GET", "/calcom/v2/event-types/3928133", "2024-06-14")]
    [InlineData("POST", "/calcom/v2/bookings", "2024-08-13")]
    [InlineData("GET", "/calcom/v2/me", "2024-08-13")]
    public async Task Each_span_of_a_request_to_Cal_com_tells_the_version_that_was_sent(string method, string path, string version)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.SendAsync(method, path, method == "POST" ? "{}" : null);
        var client = From(await SpansAsync(pair, answer, 3), "System.Net.Http");

        Assert.Equal(version, Assert.Single(pair.Sandbox.Requests.All).Header("cal-api-version").Single());
        Assert.Equal(version, client.GetTagItem("calcom.api_version"));
        Assert.Null(From(await SpansAsync(pair, answer, 3), "Yarp.ReverseProxy").GetTagItem("calcom.api_version"));
    }

    [Fact]
    public async Task What_is_asked_at_other_versions_is_a_trace_that_names_its_purpose_and_the_request_that_was_its_cause()
    {
        await using var pair = await Pair.StartAsync(settings: GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal));

        using var answer = await pair.GetAsync("/calcom/v2/event-types/3928133");
        var cause = answer.Headers.GetValues("X-Request-Id").Single();
        await Eventually.TrueAsync(() => pair.Gateway.Spans.CausedBy(cause).Any(span => span.DisplayName == "version confirmation"), "the confirmation has ended");

        var spans = pair.Gateway.Spans.CausedBy(cause);
        var parent = Assert.Single(spans, span => span.Source.Name == "CalGateway");
        var asked = spans.Where(span => span.Kind == ActivityKind.Client).ToList();
        Assert.Equal((default, 1), (parent.ParentSpanId, parent.Links.Count()));
        Assert.NotEqual(cause, parent.TraceId.ToHexString());
        Assert.Equal("event-types", parent.GetTagItem("calgateway.route"));
        Assert.All(asked, span => Assert.Equal(parent.SpanId, span.ParentSpanId));
        Assert.Equal(
            pair.Sandbox.Requests.All.Skip(1).Select(request => request.Header("cal-api-version").Single()), asked.Select(span => (string?)span.GetTagItem("calcom.api_version")));
        Assert.DoesNotContain(pair.Sandbox.Requests.All, request => request.Header("traceparent").Any());
    }

    [Fact]
    public async Task A_refresh_tells_its_version_as_well()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(2));

        var cause = (await scene.GetAsync())["X-Request-Id"]!;

        await Eventually.TrueAsync(() => scene.Gateway.Spans.CausedBy(cause).Any(span => span.DisplayName == "cache refresh"), "the refresh has ended");
        var client = From(scene.Gateway.Spans.CausedBy(cause), "System.Net.Http");
        Assert.Equal("2024-06-14", client.GetTagItem("calcom.api_version"));
    }

    [Fact]
    public async Task A_doctors_requests_are_one_trace_that_names_its_purpose_and_goes_no_further()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "System.Net.Http" or "CalGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var installation = new Installation(sandbox);

        await installation.RunAsync();

        var asked = ended.Where(span => span.Kind == ActivityKind.Client && Equals(span.GetTagItem("server.port"), sandbox.BaseAddress.Port)).ToList();
        var parent = Assert.Single(ended, span => span.DisplayName == "doctor" && span.TraceId == asked[0].TraceId);
        Assert.All(asked, span => Assert.Equal(parent.TraceId, span.TraceId));
        Assert.Equal(
            sandbox.Requests.All.Select(request => request.Header("cal-api-version").SingleOrDefault()), asked.Select(span => (string?)span.GetTagItem("calcom.api_version")));
        Assert.DoesNotContain(sandbox.Requests.All, request => request.Header("traceparent").Any());
    }

    [Theory]
    [InlineData("/calcom/v2/event-types")]
    [InlineData("/calcom/v2/event-types/3928133")]
    public async Task A_refusal_that_is_given_again_from_memory_is_called_so(string path)
    {
        const string status = "CalGateway; detail=remembered";
        await using var pair = await Pair.StartAsync(settings: GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal));
        using var first = await pair.GetAsync(path);
        using var meters = new MeterRecorder(pair.Gateway);

        using var again = await pair.GetAsync(path);
        var server = From(await SpansAsync(pair, again, 1), "Microsoft.AspNetCore");

        Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal(502, (int)again.StatusCode);
        Assert.Equal("remembered", server.GetTagItem("calgateway.cache.result"));
        Assert.Equal(status, again.Headers.GetValues("Cache-Status").Single());
        Assert.NotEqual(status, first.Headers.GetValues("Cache-Status").Single());
        await Eventually.TrueAsync(() => meters.Gauges().Any(told => told.Key.Contains("calgateway.cache.result=remembered", StringComparison.Ordinal)), "it is counted as such");
    }

    [Theory]
    [InlineData("/calcom/v2/event-typos", "unknown-endpoint")]
    [InlineData("/nowhere", "no-route")]
    public async Task A_problem_is_told_by_its_code(string path, string code)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync(path);
        var server = From(await SpansAsync(pair, answer, 1), "Microsoft.AspNetCore");

        Assert.Equal(code, server.GetTagItem("calgateway.problem.code"));
    }

    [Fact]
    public async Task The_callers_trace_is_carried_on_and_ends_at_our_border()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/me", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("baggage", "user=somebody"));

        Assert.Equal(["0af7651916cd43dd8448eb211c80319c"], answer.Headers.GetValues("X-Request-Id"));
        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.DoesNotContain(asked.Headers, header => header.Key is "traceparent" or "tracestate" or "baggage" or "request-id" or "correlation-context");
    }

    [Theory]
    [InlineData("not-a-traceparent")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-00")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\u0001")]
    public async Task A_trace_id_that_is_none_is_not_taken_over(string traceparent)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync($"GET /nowhere HTTP/1.1\r\nHost: localhost\r\ntraceparent: {traceparent}\r\nConnection: close\r\n\r\n");

        if (raw.StartsWith("HTTP/1.1 404", StringComparison.Ordinal))
            Assert.Matches("X-Request-Id: (?!0{32})[0-9a-f]{32}\r\n", raw);
        else
            Assert.StartsWith("HTTP/1.1 400", raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0af7651916cd43dd8448eb211c80319c", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    [InlineData(null, "00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData(null, "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData(null, "0af7651916cd43dd8448eb211c80319c")]
    [InlineData(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-01")]
    [InlineData(null)]
    public void Where_nobody_records_traces_the_callers_is_taken_over_all_the_same(string? expected, params string[] parents)
    {
        var id = TraceIds.Of(activity: null, new HeaderDictionary { ["traceparent"] = parents });

        Assert.Matches("^(?!0{32})[0-9a-f]{32}$", id);
        Assert.Equal(expected is not null, id == "0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public async Task No_key_no_query_and_no_person_is_in_any_span()
    {
        await using var pair = await Pair.StartAsync(credential: "cal_test_a_very_private_key");
        pair.Sandbox.Faults.Add(Fault.Status(404, times: 1, body: """{"error":{"code":"X","message":"no cal_test_a_very_private_key for somebody@example.com?x=private-value"}}"""));

        foreach (var path in new[] { "/calcom/v2/bookings/a", "/calcom/v2/slots", "/calcom/v2/event-types", "/calcom/v2/event-typos", "/nowhere" })
        {
            using var answer = await pair.GetAsync($"{path}?attendeeEmail=somebody@example.com&apiKey=private-value");
            await SpansAsync(pair, answer, 1);
        }

        var told = pair.Gateway.Spans.All.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription ?? "")
            .Concat(span.Events.SelectMany(happened => happened.Tags.Select(tag => $"{tag.Value}"))));
        Assert.DoesNotContain(told, text => text.Contains("private", StringComparison.Ordinal) || text.Contains("somebody", StringComparison.Ordinal));
    }

    private static Activity From(IEnumerable<Activity> spans, string source) => Assert.Single(spans, span => span.Source.Name == source);

    /// <summary>A span ends a moment after the caller has its answer.</summary>
    private static async Task<IReadOnlyList<Activity>> SpansAsync(Pair pair, HttpResponseMessage answer, int count)
    {
        var id = answer.Headers.GetValues("X-Request-Id").Single();
        await answer.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () => pair.Gateway.Spans.Of(id) is var spans && spans.Count >= count && spans.Any(span => span.Kind == ActivityKind.Server && span.Source.Name == "Microsoft.AspNetCore"),
            $"{count} spans have ended");
        return pair.Gateway.Spans.Of(id);
    }
}
