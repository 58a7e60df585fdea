using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Access.Callers;
using CalGateway.Catalogue;
using CalGateway.Explain;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Explain;

public sealed class ExplainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string?> Pins => [.. CalComCatalogue.Default.KnownVersions.Prepend(null), "2031-01-01"];

    /// <summary>With every route pinned to one version, or as shipped: all operations, each once as it is and once in a disguise.</summary>
    [Theory]
    [MemberData(nameof(Pins))]
    public async Task What_is_explained_is_what_a_request_then_gets(string? pin)
    {
        var settings = pin is null ? GatewayFixture.ShippedSettings : Repinned(pin);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();
        var explainer = gateway.Services.GetRequiredService<Explainer>();
        var turn = 0;

        foreach (var operation in CalComCatalogue.Default.Operations.Where(operation => operation.Template.StartsWith("/v2", StringComparison.Ordinal)))
        {
            foreach (var path in new[] { Path(operation), Disguised(Path(operation), turn++) })
            {
                var explained = await explainer.ExplainAsync(Asked.From(operation.Method, path));
                await HoldAsync(explained, operation, path, caller, sandbox);
            }
        }
    }

    private static async Task HoldAsync(Explanation explained, Operation operation, string path, HttpClient caller, SandboxHost sandbox)
    {
        sandbox.Requests.Clear();
        var raw = await RawConnection.AskAsync(
            caller.BaseAddress!, $"{operation.Method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var seen = $"{operation.Method} {path}: {explained}\n{raw}";
        Assert.True(explained.Route is not null == raw.Contains("CalGateway-Revision", StringComparison.Ordinal), seen);
        var code = raw.Contains("application/problem+json", StringComparison.Ordinal) ? (string?)JsonNode.Parse(Body(raw))!["code"] : null;
        var target = new Uri(explained.Upstream!).AbsolutePath;
        if (explained.Access![0].Refused is { } refused)
        {
            Assert.True(code == refused && !sandbox.Requests.All.Any(arrived => arrived.Path == target), seen);
            return;
        }

        // Beside it, a mismatch may just be looked into; what is answered from memory has not been sent.
        if (raw.Contains("CalGateway-Api-Version:", StringComparison.Ordinal) && !raw.Contains("; hit", StringComparison.Ordinal))
        {
            Assert.True(sandbox.Requests.All.Any(arrived => arrived.Path == target && arrived.Header("cal-api-version").SingleOrDefault() == explained.ApiVersion), seen);
        }

        // A mismatch is told by its code; what is not explained as one must not turn out to be one.
        var isMiss = explained.Expected is "api-version-mismatch" or "unknown-endpoint";
        if (explained.Expected != "unknown" && operation is { Unconfirmed: false, VersionsUnknown: false })
            Assert.True(isMiss ? code == explained.Expected : code is not ("api-version-mismatch" or "unknown-endpoint"), seen);
        if (explained.Expected == "older-shape" && operation.Method == "GET" && raw.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            Assert.True(operation.Shapes is not null, seen);
        if (explained.Cache!.State != "none")
            Assert.True(raw.Contains(explained.Cache.State == "bypass" ? "fwd=bypass" : "CalGateway; fwd=uri-miss", StringComparison.Ordinal) || raw.Contains("; hit", StringComparison.Ordinal), seen);
    }

    [Theory]
    [InlineData("get", "/calcom/v2/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("GET", "https://api.cal.com/v2/bookings?take=1#x", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("GET", "v2/event-types/1/private-links", "private-links", "2024-04-15", "answers")]
    [InlineData("POST", "/calcom/v2/bookings/recurring", "bookings", "2024-08-13", "api-version-mismatch")]
    [InlineData("GET", "/calcom/v2/event-typs", "rest", "2024-08-13", "unknown-endpoint")]
    [InlineData("GET", "/calcom/v1/event-types", "v1", null, "unknown")]
    [InlineData("GET", "/calcom/v2/%65vent-types/../slots", "slots", "2024-09-04", "answers")]
    public async Task A_question_may_be_put_loosely(string method, string path, string route, string? version, string expected)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var explained = await gateway.AskManagementAsync($"/explain?method={method}&path={Uri.EscapeDataString(path)}");

        Assert.Equal(route, (string?)explained["route"]);
        Assert.Equal(version, (string?)explained["apiVersion"]);
        Assert.Equal(expected, (string?)explained["expected"]);
        Assert.DoesNotContain(sandbox.ApiKey, explained.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(sandbox.Requests.All);
    }

    [Fact]
    public async Task Who_may_ask_is_told_for_strangers_and_for_every_consumer()
    {
        var key = $$"""{ "Hash": "{{KeyHash.Of("cgw_a-key-of-the-desk-0123456789abcdef")}}" }""";
        var settings = GatewayFixture.ShippedSettings.Replace(
            "\"CalGateway\": {",
            $$"""
            "CalGateway": { "Access": { "Mode": "ApiKey", "Consumers": { "desk": { "Keys": [{{key}}] } } },
            """,
            StringComparison.Ordinal);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        var explained = await gateway.AskManagementAsync("/explain?path=/calcom/v2/bookings");
        var closed = await gateway.AskManagementAsync("/explain?method=POST&path=/calcom/v2/api-keys/refresh");

        Assert.Equal(["a stranger", "consumer desk"], explained["access"]!.AsArray().Select(caller => (string?)caller!["caller"]));
        Assert.Equal(["unauthenticated", null], explained["access"]!.AsArray().Select(caller => (string?)caller!["refused"]));
        Assert.Equal(["unauthenticated", "not-exposed"], closed["access"]!.AsArray().Select(caller => (string?)caller!["refused"]));
    }

    [Fact]
    public async Task The_verb_needs_no_key_and_ends_with_1_where_nothing_matches()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "yarp.json"), GatewayFixture.ShippedSettings.Replace("/calcom/{**rest}", "/calcom/v2/{**rest}", StringComparison.Ordinal), Cancellation);
        await using var known = GatewayProcess.Start(["explain", "get", "/calcom/v2/bookings"], workingDirectory: folder.FullName);
        await using var unknown = GatewayProcess.Start(["explain", "GET", "/calcom/v3/bookings"], workingDirectory: folder.FullName);

        Assert.Equal(0, await known.ExitAsync());
        Assert.Equal(1, await unknown.ExitAsync());
        Assert.Contains("version   2024-08-13", known.Output, StringComparison.Ordinal);
        Assert.Contains("No route matches", unknown.Output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static string Repinned(string version) =>
        Regex.Replace(GatewayFixture.ShippedSettings, "\"CalApiVersion\": \"[^\"]*\"", $"\"CalApiVersion\": \"{version}\"");

    private static string Path(Operation operation) =>
        "/calcom" + string.Join('/', operation.Template.Split('/').Select(segment => segment is ['{', ..] ? "17" : segment));

    private static string Disguised(string path, int turn) => (turn % 6) switch
    {
        0 => path + "/",
        1 => path.ToUpperInvariant(),
        2 => path.Replace("/calcom/", "/calcom/./x/../", StringComparison.Ordinal),
        3 => path.Replace("/v2/", "/v2//", StringComparison.Ordinal),
        4 => path.Replace("/v2/", "/%762/", StringComparison.Ordinal),
        _ => path + "?a=%2F..%2F",
    };

    private static string Body(string raw)
    {
        var body = raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return body[body.IndexOf('{')..(body.LastIndexOf('}') + 1)];
    }
}
