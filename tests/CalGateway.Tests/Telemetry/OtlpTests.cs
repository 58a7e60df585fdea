using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.Telemetry.Otlp;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry;

/// <summary>What leaves the process, read from the wire by a collector that decodes it.</summary>
public sealed class OtlpTests
{
    private const string CallersTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string CallersSpan = "00f067aa0ba902b7";
    private const string CallersKey = "cal_live_the_callers";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpReceiver.Grpc)]
    [InlineData(OtlpReceiver.Http)]
    public async Task A_trace_through_two_services_is_one_inside_and_ends_at_our_border(string protocol)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { V1Works = true }, Cancellation);
        await using var receiver = await OtlpReceiver.StartAsync(protocol);
        await using var gateway = GatewayProcess.StartBefore(sandbox, receiver.Variables);
        using var caller = await CallerAsync(gateway);

        using var answer = await AskAsync(caller, "/calcom/v2/me?attendee=somebody@example.com", CallersTrace);
        using var signedInQuery = await AskAsync(caller, $"/calcom/v1/event-types?apiKey={CallersKey}&attendee=somebody@example.com", "0af7651916cd43dd8448eb211c80319c");
        using var keyInPath = await AskAsync(caller, $"/calcom/v2/me/{CallersKey}", "0af7651916cd43dd8448eb211c80319d");
        await Eventually.TrueAsync(
            () => receiver.Trace("0af7651916cd43dd8448eb211c80319d").Count >= 3 && receiver.Trace(CallersTrace).Count >= 3 && receiver.Trace("0af7651916cd43dd8448eb211c80319c").Count >= 3 && receiver.Points.Count > 0, "everything is exported");

        Assert.Equal([CallersTrace], answer.Headers.GetValues("X-Request-Id"));
        var spans = receiver.Trace(CallersTrace);
        Assert.Equal(3, spans.Count);
        var (server, forwarder, client) = (From(spans, "Microsoft.AspNetCore"), From(spans, "Yarp.ReverseProxy"), From(spans, "System.Net.Http"));
        Assert.Equal((CallersSpan, server.SpanId, forwarder.SpanId), (server.ParentId, forwarder.ParentId, client.ParentId));
        Assert.Equal((2, 3), (server.Kind, client.Kind));
        AssertConventions(server, client, answer, sandbox);

        Assert.Equal(3, sandbox.Requests.Count);
        Assert.All(sandbox.Requests.All, asked => Assert.DoesNotContain(
            asked.Headers, header => header.Key.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage" or "request-id" or "correlation-context"));
        Assert.All(receiver.Bodies, body => AssertHolds(body, none: [sandbox.ApiKey, CallersKey, "somebody", "private-baggage"]));
    }

    [Fact]
    public async Task A_refresh_behind_a_stale_answer_is_a_trace_of_its_own_that_names_its_cause()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.Http);
        await using var gateway = GatewayProcess.StartBefore(
            sandbox, new Dictionary<string, string>(receiver.Variables)
            {
                ["CalGateway__Cache__Policies__event-types__Fresh"] = "00:00:01",
                ["OTEL_METRICS_EXPORTER"] = "none",
            });
        using var caller = await CallerAsync(gateway);

        var cause = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
                cause = answer.Headers.GetValues("X-Request-Id").Single();
                return answer.Headers.GetValues("Cache-Status").Single().Contains("hit; ttl=-", StringComparison.Ordinal);
            },
            "a stale answer is given");
        await Eventually.TrueAsync(() => receiver.Spans.Any(span => span.Name == "cache refresh"), "the refresh is exported");
        await Eventually.TrueAsync(() => receiver.Trace(cause).Count == 1, "so is what caused it");

        var refresh = receiver.Spans.First(span => span.Name == "cache refresh");
        var stale = Assert.Single(receiver.Trace(cause));
        Assert.Equal(("CalGateway", ""), (refresh.Scope, refresh.ParentId));
        Assert.NotEqual(cause, refresh.TraceId);
        Assert.Equal([(cause, stale.SpanId)], refresh.Links);
        Assert.Equal("stale", stale.Tags["calgateway.cache.result"]);
        await Eventually.TrueAsync(() => receiver.Trace(refresh.TraceId).Count == 3, "forwarder and client belong to the refresh");
        Assert.Empty(receiver.Points);
    }

    [Fact]
    public async Task OpenTelemetrys_own_variables_say_what_is_sampled_and_who_sends()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.Http);
        await using var gateway = GatewayProcess.StartBefore(sandbox, new Dictionary<string, string>(receiver.Variables)
        {
            ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
            ["OTEL_TRACES_SAMPLER_ARG"] = "0",
            ["OTEL_SERVICE_NAME"] = "the-front-door",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=blue",
            ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
        });
        using var caller = await CallerAsync(gateway);

        for (var request = 0; request < 10; request++)
        {
            using var unsampled = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
            Assert.Matches("^[0-9a-f]{32}$", unsampled.Headers.GetValues("X-Request-Id").Single());
        }

        using var sampled = await AskAsync(caller, "/calcom/v2/event-types", CallersTrace);
        await Eventually.TrueAsync(() => receiver.Spans.Count > 0, "what the caller sampled is exported");
        await Eventually.TrueAsync(
            () => receiver.Points.Any(point => point is { Name: "http.server.request.duration", Unit: "s" } && point.ExemplarTraces.Contains(CallersTrace)),
            "the metrics have the sampled trace for an example");

        var server = Assert.Single(receiver.Spans);
        Assert.Equal(CallersTrace, server.TraceId);
        Assert.Equal(("the-front-door", "blue"), (server.Resource["service.name"], server.Resource["deployment.environment.name"]));
        await Eventually.TrueAsync(
            () => receiver.Points.Any(point => point.Name == "calgateway.cache.requests" && point.Tags["calgateway.cache.result"] == "hit" && point.Count == 10), "all are counted");
    }

    [Fact]
    public async Task What_is_switched_off_is_off_and_the_gateway_serves()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.Http);
        await using var gateway = GatewayProcess.StartBefore(sandbox, new Dictionary<string, string>(receiver.Variables) { ["OTEL_SDK_DISABLED"] = "true", ["CalGateway__Shutdown__Delay"] = "00:00:00" });
        using var caller = await CallerAsync(gateway);
        using var operators = new HttpClient { BaseAddress = gateway.ManagementAddress };

        using var answer = await AskAsync(caller, "/calcom/v2/me", CallersTrace);
        using var metrics = await operators.GetAsync("/metrics", Cancellation);

        Assert.Equal([CallersTrace], answer.Headers.GetValues("X-Request-Id"));
        Assert.Contains("OTEL_SDK_DISABLED", await metrics.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        gateway.Terminate();
        Assert.Equal(0, await gateway.ExitAsync());
        Assert.Empty(receiver.Bodies);
    }

    /// <summary>https://opentelemetry.io/docs/specs/semconv/http/http-spans/, and the contract's own names beside them.</summary>
    private static void AssertConventions(OtlpSpan server, OtlpSpan client, HttpResponseMessage answer, SandboxHost sandbox)
    {
        Assert.Equal("GET /calcom/{**rest}", server.Name);
        AssertTags(server, new()
        {
            ["http.request.method"] = "GET", ["http.response.status_code"] = "200", ["http.route"] = "/calcom/{**rest}",
            ["url.path"] = "/calcom/v2/me", ["url.scheme"] = "http", ["server.address"] = "127.0.0.1", ["network.protocol.version"] = "1.1",
            ["user_agent.original"] = "a-caller/1.0", ["calgateway.route"] = "rest", ["calcom.api_version"] = "2024-08-13",
            ["calgateway.revision"] = answer.Headers.GetValues("CalGateway-Revision").Single(),
            ["calcom.request_id"] = answer.Headers.GetValues("CalGateway-Upstream-Request-Id").Single(),
        });
        Assert.DoesNotContain("url.query", server.Tags.Keys);
        Assert.Equal("GET", client.Name);
        AssertTags(client, new()
        {
            ["http.request.method"] = "GET", ["http.response.status_code"] = "200", ["network.protocol.version"] = "1.1",
            ["url.full"] = new Uri(sandbox.BaseAddress, "/v2/me?*").AbsoluteUri, ["server.address"] = "127.0.0.1",
            ["server.port"] = sandbox.BaseAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        Assert.Equal("calgateway", server.Resource["service.name"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", server.Resource["service.version"]);
    }

    private static void AssertTags(OtlpSpan span, Dictionary<string, string> expected) => Assert.All(
        expected, tag => Assert.Equal($"{tag.Key}={tag.Value}", $"{tag.Key}={span.Tags.GetValueOrDefault(tag.Key)}"));

    private static void AssertHolds(byte[] body, string[] none) =>
        Assert.All(none, text => Assert.DoesNotContain(text, Encoding.Latin1.GetString(body), StringComparison.Ordinal));

    private static OtlpSpan From(IEnumerable<OtlpSpan> spans, string scope) => Assert.Single(spans, span => span.Scope == scope);

    /// <summary>One that begins no trace of its own, whoever else records traces in this process.</summary>
    private static async Task<HttpClient> CallerAsync(GatewayProcess gateway) =>
        new(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = await gateway.ServedAsync() };

    private static async Task<HttpResponseMessage> AskAsync(HttpClient caller, string path, string trace)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{trace}-{CallersSpan}-01");
        request.Headers.Add("tracestate", "vendor=value");
        request.Headers.Add("baggage", "user=private-baggage");
        request.Headers.Add("User-Agent", "a-caller/1.0");
        return await caller.SendAsync(request, Cancellation);
    }
}
