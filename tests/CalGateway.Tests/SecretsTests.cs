using System.Net.Http.Headers;
using CalGateway.Journey.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests;

/// <summary>The key is in what Cal.com gets, and in nothing else, whatever happens.</summary>
public sealed class SecretsTests
{
    private const string Key = "S3lf-Hosted.Key~0123456789";
    private const string Query = "private-query-value";

    private static readonly string[] Requests =
    [
        "GET /calcom/v2/me", "GET /calcom/v2/event-types", "GET /calcom/v2/event-types", "HEAD /calcom/v2/event-types", "GET /calcom/v2/event-types/999999",
        "GET /calcom/v2/event-typos", "GET /calcom/v2/schedules", "GET /calcom/v2/slots", "POST /calcom/v2/bookings", "TRACE /calcom/v2/me", "CONNECT localhost:443",
        "GET /calcom/v2/a%2fb", "GET /nowhere", "GET /_gateway/problems", "GET /healthz/live", "OPTIONS /calcom/v2/me", "GET /calcom/v1/bookings", "DELETE /calcom/v2/webhooks/1",
    ];

    [Fact]
    public async Task The_key_is_in_no_response_no_log_and_no_span()
    {
        await using var pair = await Pair.StartAsync(
            new SandboxOptions { ApiKey = Key },
            settings: GatewayFixture.ShippedSettings.Replace("2024-06-11", "2024-08-13", StringComparison.Ordinal).Replace("00:00:30", "00:00:01", StringComparison.Ordinal),
            environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Circuit__Enabled"] = "false" }, // each fault is to be met
            adjust: builder => builder.Services.Configure<LoggerFilterOptions>(filters =>
            {
                // An operator who wants to see everything.
                filters.Rules.Clear();
                filters.MinLevel = LogLevel.Trace;
            }));
        var emitted = new List<string>();

        foreach (var fault in Faults().Prepend(null))
        {
            pair.Sandbox.Faults.Clear();
            if (fault is not null)
                pair.Sandbox.Faults.Add(fault);
            foreach (var request in fault is null ? Requests : Requests[..3])
            {
                var body = request.StartsWith("POST", StringComparison.Ordinal) ? "Content-Type: application/json\r\nContent-Length: 2\r\n" : "";
                var target = request.Contains("/calcom", StringComparison.Ordinal) ? $"{request}?apiKey={Query}" : request;
                emitted.Add(await pair.AskRawAsync($"{target} HTTP/1.1\r\nHost: localhost:443\r\n{body}Connection: close\r\n\r\n{(body.Length > 0 ? "{}" : "")}"));
            }
        }

        using (var management = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress })
        {
            foreach (var path in new[] { "/", "/status", "/config", "/metrics", "/explain?method=GET&path=/calcom/v2/me" })
                emitted.Add(await (await management.GetAsync(path, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        await pair.Sandbox.StopAsync();
        emitted.Add(await pair.AskRawAsync("GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        emitted.AddRange(pair.Gateway.Spans.All.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Value}").Append(span.DisplayName).Append(span.StatusDescription ?? "")));
        emitted.AddRange(pair.Gateway.Logs.Lines.Select(line => line.Text));

        Assert.True(pair.Sandbox.Requests.Count > 20, "much was signed");
        Assert.Contains(pair.Sandbox.Requests.All, asked => asked.Header("authorization").Single() == "Bearer " + Key);
        Assert.True(emitted.Count > 200, "much was said");
        Assert.DoesNotContain(emitted, text => text.Contains(Key, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(
            pair.Gateway.Logs.Lines, line => line.Category.StartsWith("CalGateway", StringComparison.Ordinal) && line.Text.Contains(Query, StringComparison.Ordinal));
    }

    [Fact]
    public void A_credential_does_not_tell_its_key()
    {
        var credential = new Credential(Key);
        var signature = credential.Current;

        Assert.DoesNotContain(Key, $"{credential}{signature}", StringComparison.Ordinal);
        Assert.DoesNotContain(Key, System.Text.Json.JsonSerializer.Serialize(new { signature.Fingerprint }), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{16}$", signature.Fingerprint);
        Assert.Equal(typeof(AuthenticationHeaderValue), typeof(Signature).GetProperty(nameof(Signature.Header))!.PropertyType);
    }

    private static IEnumerable<Fault?> Faults() =>
    [
        Fault.Reset(), Fault.ResetMidBody(), Fault.ResetMidBody(chunked: true), Fault.TruncatedBody(), Fault.Hang(), Fault.NonJson(), Fault.Html404(), Fault.MalformedJson(),
        Fault.Status(401, body: Envelope("key")), Fault.Status(403, body: Envelope("key")), Fault.Status(404, body: Envelope("key")),
        Fault.Status(400, body: Envelope("guest")), Fault.Status(409, body: Envelope("slot")), Fault.Status(410, body: Envelope("call")), Fault.Status(500, body: Envelope("page")),
        Fault.Status(503, body: new string(' ', 60_000) + Envelope("page")), Fault.Status(302, body: "moved", headers: new Dictionary<string, string> { ["Location"] = $"/v2/me?apiKey={Key}" }),
        Fault.Status(404, body: $"<html>{Key}</html>", contentType: "text/html"), Fault.Status(403, body: $"<html>{Key}</html>", contentType: "text/html"),
        Fault.RateLimit(), // after it, nothing is sent for a while
    ];

    private static string Envelope(string subject) =>
        $$$"""{"status":"error","error":{"code":"{{{Key}}}","message":"no such {{{subject}}} {{{Key}}} at /v2/x?apiKey={{{Key}}}"}}""";
}
