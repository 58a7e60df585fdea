using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Access.Callers;
using CalGateway.Catalogue;
using CalGateway.Explain;
using CalGateway.Journey.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Explain;

public sealed class ExplainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string?> Pins => [.. CalComCatalogue.Default.KnownVersions.Prepend(null), "2031-01-01"];

    /// <summary>
    /// As shipped: all 341 operations, each once as it is and once in a disguise; and the HEAD and the OPTIONS of its path. With every route pinned to
    /// one version: each of them once, in turn as it is, disguised and by its HEAD.
    /// </summary>
    [Theory]
    [MemberData(nameof(Pins))]
    public async Task What_is_explained_is_what_a_request_then_gets(string? pin)
    {
        var settings = pin is null ? GatewayFixture.ShippedSettings : Repinned(pin);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();
        var explainer = gateway.Services.GetRequiredService<Explainer>();
        var turn = Pins.Count(other => string.CompareOrdinal(other, pin) < 0); // another way at each version

        Assert.Equal(341, CalComCatalogue.Default.Operations.Count);
        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var ways = Ways(operation, turn++);
            foreach (var (method, path) in pin is null ? ways : [ways[turn % Math.Min(ways.Length, 3)]])
                await HoldAsync(await explainer.ExplainAsync(DescribedRequest.From(method, path)), operation, method, path, caller, sandbox);
        }
    }

    private static (string Method, string Path)[] Ways(Operation operation, int turn) =>
    [
        (operation.Method, Path(operation)),
        (operation.Method, Disguised(Path(operation), turn / 3)),
        .. operation.Method == "GET" ? [("HEAD", Path(operation)), ("OPTIONS", Path(operation))] : Array.Empty<(string, string)>(),
    ];

    [Theory]
    [InlineData("GET", "reads")]
    [InlineData("POST", "unsent")]
    public async Task It_tells_how_many_are_at_Cal_com_at_once_and_what_is_sent_a_second_time(string method, string retried)
    {
        await using var pair = await Pair.StartAsync();

        var limits = (await pair.Gateway.AskManagementAsync($"/explain?method={method}&path=/calcom/v2/bookings"))["limits"]!;

        Assert.Equal((100, retried), ((int)limits["atOnce"]!, (string?)limits["retried"]));
    }

    private static async Task HoldAsync(Explanation explained, Operation operation, string method, string path, HttpClient caller, SandboxHost sandbox)
    {
        sandbox.Requests.Clear();
        var raw = await RawConnection.AskAsync(
            caller.BaseAddress!, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        void Holds(bool isSo) => Assert.True(isSo, isSo ? null : $"{method} {path}: {explained}\n{raw}");
        Holds(explained.Route is not null == raw.Contains("CalGateway-Revision", StringComparison.Ordinal));
        if (method == "OPTIONS")
        {
            Holds(explained.Expected == "204" && raw.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) && !sandbox.Requests.All.Any(arrived => arrived.Method == "OPTIONS"));
            return;
        }

        var code = CodeIn(raw);
        var target = new Uri(explained.Upstream!).AbsolutePath;
        if (explained.Access![0].Refused is { } refused)
        {
            Holds(code == refused && explained.Expected == refused && !sandbox.Requests.All.Any(arrived => arrived.Path == target));
            return;
        }

        // A version confirmation may send requests at the same time; an answer from memory was not sent at all.
        if (raw.Contains("CalGateway-Api-Version:", StringComparison.Ordinal) && !IsFromMemory(raw))
        {
            var asked = explained.Cache!.Key is null ? method : "GET";
            Holds(sandbox.Requests.All.Any(arrived => arrived.Method == asked && arrived.Path == target && arrived.Header("cal-api-version").SingleOrDefault() == explained.ApiVersion));
        }

        // A mismatch must be explained with its code, and nothing else may turn out to be a mismatch.
        var isMiss = explained.Expected is "api-version-mismatch" or "unknown-endpoint";
        if (explained.Expected != "unknown" && operation is { Unconfirmed: false, VersionsUnknown: false })
            Holds(isMiss ? code == explained.Expected : code is not ("api-version-mismatch" or "unknown-endpoint"));
        if (explained.Expected == "older-shape" && method == "GET" && raw.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            Holds(operation.Shapes is not null);
        if (explained.Cache!.State != "none")
            Holds(raw.Contains(explained.Cache.State == "bypass" ? "fwd=bypass" : "CalGateway; fwd=uri-miss", StringComparison.Ordinal) || IsFromMemory(raw));
    }

    /// <summary>A stored list, or a route miss of a moment ago on the same route.</summary>
    private static bool IsFromMemory(string answer) =>
        answer.Contains("; hit", StringComparison.Ordinal) || answer.Contains("; detail=remembered", StringComparison.Ordinal);

    [Theory]
    [InlineData("get", "/calcom/v2/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("Post", "bookings", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "https://api.cal.com/v2/bookings?take=1#x", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("GET", "v2/event-types/1/private-links", "private-links", "2024-04-15", "answers")]
    [InlineData("POST", "/calcom/v2/bookings/recurring", "older-bookings", "2024-06-14", "answers")]
    [InlineData("GET", "/calcom/v2/bookings/1/mark-no-show", "bookings", "2024-08-13", "unknown-endpoint")]
    [InlineData("GET", "/calcom/v2/event-typs", "rest", "2024-08-13", "unknown-endpoint")]
    [InlineData("GET", "/calcom/v1/event-types", "v1", null, "unknown")]
    [InlineData("GET", "/calcom/v2/%65vent-types/../slots", "slots", "2024-09-04", "answers")]
    [InlineData("GET", "/health", "rest", "2024-08-13", "answers")]
    [InlineData("HEAD", "/calcom/v2/event-types", "event-types", "2024-06-14", "answers")]
    [InlineData("HEAD", "/calcom/v2/event-typs", "rest", "2024-08-13", "unknown-endpoint")]
    [InlineData("OPTIONS", "/calcom/v2/event-types", "event-types", null, "204")]
    [InlineData("TRACE", "/calcom/v2/event-types", null, null, "invalid-request")]
    [InlineData("GET", "/calcom/v2/event-types%2F1", null, null, "invalid-request")]
    [InlineData("GET", "http://localhost:5080/calcom/V2/Bookings/", "bookings", "2024-08-13", "answers")]
    [InlineData("GET", "https://api.cal.com", "rest", "2024-08-13", "unknown-endpoint")]
    public async Task A_question_may_be_put_loosely(string method, string path, string? route, string? version, string expected)
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

    [Theory]
    [InlineData("GET", "/calcom/v2/event-types//5", "invalid-request")]
    [InlineData("POST", "/calcom/v2/api-keys/refresh", "not-exposed")]
    [InlineData("HEAD", "/calcom/v2/nothing//here", "invalid-request")]
    public async Task What_is_refused_to_everybody_is_expected_to_be(string method, string path, string code)
    {
        await using var pair = await Pair.StartAsync();
        using var caller = pair.Gateway.CreateClient();

        var explained = await pair.Gateway.AskManagementAsync($"/explain?method={method}&path={path}");
        var raw = await RawConnection.AskAsync(
            caller.BaseAddress!, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal(code, CodeIn(raw));
        Assert.Equal(code, (string?)explained["expected"]);
        Assert.Equal((string?)explained["access"]![0]!["remedy"], (string?)explained["remedy"]);
        Assert.NotNull(explained["remedy"]);
    }

    [Fact]
    public async Task Callers_with_tokens_shares_and_limits_are_told_too()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var keys = System.IO.Path.Combine(folder.FullName, "keys.json");
        await File.WriteAllTextAsync(keys, """{ "keys": [] }""", Cancellation);
        var hash = KeyHash.Of("cgw_a-key-of-the-desk-0123456789abcdef");
        var settings = GatewayFixture.ShippedSettings.Replace(
            "\"CalGateway\": {",
            $$"""
            "CalGateway": { "Access": {
              "Mode": "ApiKey", "MaxBodyBytes": 2048, "RateLimit": { "Requests": 90 },
              "Jwt": { "KeysFile": "{{keys}}", "Issuer": "https://issuer.example", "Audience": "us" },
              "Consumers": { "desk": { "Keys": [{ "Hash": "{{hash}}" }], "RateLimit": { "Requests": 5, "Window": "00:00:10" }, "Operations": ["GET /v2/event-types"] } } },
            """,
            StringComparison.Ordinal).Replace("\"OutputCachePolicy\"", "\"AuthorizationPolicy\": \"Known\", \"OutputCachePolicy\"", StringComparison.Ordinal);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        var explained = await gateway.AskManagementAsync("/explain?path=/calcom/v2/event-types");
        var access = explained["access"]!.AsArray();

        Assert.Equal(["a stranger", "consumer desk", "consumer desk, by token", "whoever else has a valid token"], access.Select(caller => (string?)caller!["caller"]));
        Assert.Equal(["unauthenticated", null, null, null], access.Select(caller => (string?)caller!["refused"]));
        Assert.Equal("5 requests in 00:00:10", (string?)access[1]!["share"]);
        Assert.Equal(2048, (long?)explained["limits"]!["bodyBytes"]);
        Assert.Equal("90 requests in 00:01:00", (string?)explained["limits"]!["eachAddress"]);
        Assert.Equal("00:00:30", (string?)explained["limits"]!["answerWithin"]);
        Assert.Equal(["PathRemovePrefix /calcom", "CalApiVersion 2024-06-14"], explained["transforms"]!.AsArray().Select(one => (string?)one));
        Assert.StartsWith("yarp.json:", (string?)explained["pinnedAt"], StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_stored_is_told_with_its_age_and_what_is_left_of_it()
    {
        await using var pair = await Pair.StartAsync();

        var before = await pair.Gateway.AskManagementAsync("/explain?path=/calcom/v2/event-types");
        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        var after = await pair.Gateway.AskManagementAsync("/explain?path=/calcom/v2/event-types");

        Assert.Null(before["cache"]!["stored"]);
        Assert.Equal("Fresh", (string?)after["cache"]!["phase"]);
        Assert.InRange((long)after["cache"]!["ttl"]!, 1, 60);
    }

    /// <summary>What the server makes of a target before routing sees it is not ours to ask for, so that it is told after it: the same for all of these.</summary>
    [Theory]
    [InlineData("/calcom/v2/a/../b")]
    [InlineData("/calcom/v2/a/./b/.")]
    [InlineData("/calcom/v2/a/b/..")]
    [InlineData("/calcom/../../../x")]
    [InlineData("/calcom/v2//a//../b")]
    [InlineData("/calcom/v2/%2e%2e/%2E/x")]
    [InlineData("/calcom/v2/%41%62%c3%bc")]
    [InlineData("/calcom/v2/%zz/%4/%")]
    [InlineData("/calcom/v2/%ff%fe")]
    [InlineData("/calcom/v2/%c0%ae%c0%ae/x")]
    [InlineData("/calcom/v2/%ed%a0%80")]
    [InlineData("/calcom/v2/a%252fb")]
    [InlineData("/calcom/v2/a%5cb")]
    [InlineData("/calcom/v2/...//.x/..y")]
    [InlineData("/calcom/v2/a;b=c,d&e=+f")]
    [InlineData("/calcom/v2/%20%3f%23")]
    [InlineData("/calcom/v2/x?y=../z")]
    public async Task A_path_is_read_as_the_server_reads_it(string target)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(context.Request.Path.Value!));
        await server.StartAsync(Cancellation);

        var raw = await RawConnection.AskAsync(new Uri(server.Urls.First()), $"GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n");
        var read = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));
        var asked = DescribedRequest.From("GET", target);

        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        if (read.StartsWith("/calcom", StringComparison.Ordinal))
            Assert.Equal(read, asked.Path);
        else
            Assert.EndsWith(read, asked.Path, StringComparison.Ordinal);
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

    private static string WithOthers => GatewayFixture.ShippedSettings
        .Replace("\"event-types\": {\n        \"ClusterId\"", """
            "by-header": {
                    "ClusterId": "calcom", "Order": -1, "Match": { "Path": "/calcom/{**rest}", "Headers": [{ "Name": "x-partner", "Mode": "Exists" }] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-04-15", "Caller": "Known" }]
                  },
                  "by-host": {
                    "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}", "Hosts": ["cal.localhost"] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }]
                  },
                  "by-query": {
                    "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}", "QueryParameters": [{ "Name": "old", "Values": ["yes"] }] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-11" }]
                  },
                  "event-types": {
                    "ClusterId"
            """, StringComparison.Ordinal);

    [Theory]
    [InlineData("/calcom/v2/event-types", "", "event-types", "2024-06-14")]
    [InlineData("/calcom/v2/event-types?old=yes", "", "by-query", "2024-06-11")]
    [InlineData("/calcom/v2/event-types", "&host=cal.localhost", "by-host", "2024-06-14")]
    [InlineData("/calcom/v2/event-types", "&header=Host:%20cal.localhost", "by-host", "2024-06-14")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:%20a", "by-header", "2024-04-15")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:a&header=cal-api-version:2024-06-11", "by-header", "2024-06-11")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:a&header=cal-api-version:2024-09-04", "by-header", "2024-04-15")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:a&header=cal-api-version:2024-06-11&header=cal-api-version:2024-06-11", "by-header", "2024-04-15")]
    public async Task A_question_may_be_put_with_headers_host_and_query(string path, string more, string route, string version)
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers);

        var explained = await pair.Gateway.AskManagementAsync($"/explain?method=GET&path={Uri.EscapeDataString(path)}{more}");

        Assert.Equal((route, version), ((string?)explained["route"], (string?)explained["apiVersion"]));
        Assert.Equal(version == "2024-06-11" && route == "by-header", (bool?)explained["callersVersion"] ?? false);
        Assert.Empty(pair.Sandbox.Requests.All);
    }

    [Fact]
    public async Task The_other_routes_of_a_path_are_named_with_what_leads_there()
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers);

        Assert.Equal(
            ["by-header: header x-partner", "by-host: host cal.localhost", "by-query: query old=yes", "components: header x-cal-platform-embed"],
            await OthersAsync("GET", "/calcom/v2/event-types"));
        Assert.Equal(
            ["bookings: method POST", "by-header: header x-partner", "components: header x-cal-platform-embed"],
            await OthersAsync("GET", "/calcom/v2/bookings/1/reschedule"));
        Assert.Contains("rest: without header x-partner", await OthersAsync("GET", "/calcom/v2/me", "&header=x-partner:1"));
        Assert.Contains("components: header x-cal-platform-embed", await OthersAsync("HEAD", "/calcom/v2/slots"));
        Assert.Contains("older-bookings: method POST", await OthersAsync("DELETE", "/calcom/v2/bookings/instant"));

        async Task<IEnumerable<string>> OthersAsync(string method, string path, string more = "") =>
            [.. (await pair.Gateway.AskManagementAsync($"/explain?method={method}&path={Uri.EscapeDataString(path)}{more}"))["otherRoutes"]!.AsArray()
                .Select(other => $"{other!["route"]}: {other["by"]}")];
    }

    [Fact]
    public async Task A_path_that_a_route_takes_by_another_header_alone_is_told_to_be_such_a_path()
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers
            .Replace("/calcom/{**rest}\", \"Headers", "/partner/{**rest}\", \"Headers", StringComparison.Ordinal));

        var taken = await pair.Gateway.AskManagementAsync("/explain?path=/partner/v2/me");
        var marked = await pair.Gateway.AskManagementAsync("/explain?path=/partner/v2/me&header=x-partner:1");

        Assert.Contains("As it is, /partner/v2/me would take the route by-header, by header x-partner.", taken["notes"]!.AsArray().Select(note => (string?)note));
        Assert.Equal("by-header", (string?)marked["route"]);
    }

    [Fact]
    public async Task Of_several_conditions_of_the_route_that_is_taken_one_that_is_not_met_is_said_to_be_enough()
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers.Replace(
            "\"Headers\": [{ \"Name\": \"x-partner\", \"Mode\": \"Exists\" }", "\"Headers\": [{ \"Name\": \"x-partner\", \"Mode\": \"Exists\" }, { \"Name\": \"x-old\", \"Mode\": \"NotExists\" }", StringComparison.Ordinal));

        var explained = await pair.Gateway.AskManagementAsync("/explain?path=/calcom/v2/me&header=x-partner:1");

        Assert.Equal("without one of these: header x-partner, no header x-old", (string?)explained["otherRoutes"]!.AsArray().Single(other => (string?)other!["route"] == "rest")!["by"]);
    }

    [Theory]
    [InlineData("header=no-colon")]
    [InlineData("header=:%20value")]
    [InlineData("header=two%20words:%20x")]
    [InlineData("header=x:%20a%0d%0ay:%20b")]
    [InlineData("host=a/b")]
    [InlineData("host=a%20b")]
    public async Task What_is_no_header_or_host_is_refused(string part)
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        using var answer = await client.GetAsync($"/explain?path=/calcom/v2/bookings&{part}", Cancellation);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_verb_takes_headers_and_a_host()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "yarp.json"), WithOthers, Cancellation);
        await using var asked = GatewayProcess.Start(
            ["explain", "GET", "/calcom/v2/event-types", "-H", "x-partner: 1", "-H", "cal-api-version: 2024-06-11", "--host", "cal.localhost"], workingDirectory: folder.FullName);
        await using var wrong = GatewayProcess.Start(["explain", "GET", "/calcom/v2/event-types", "-H", "x-partner"], workingDirectory: folder.FullName);

        Assert.Equal(0, await asked.ExitAsync());
        Assert.Contains("by-header", asked.Output, StringComparison.Ordinal);
        Assert.Contains("or        event-types, without header x-partner", asked.Output, StringComparison.Ordinal);
        Assert.Contains("2024-06-11, the caller's own; the pin is at yarp.json:", asked.Output, StringComparison.Ordinal);
        Assert.Contains("or        by-host, by host cal.localhost", asked.Output, StringComparison.Ordinal);
        Assert.Equal(2, await wrong.ExitAsync());
        Assert.Contains("name: value", wrong.Errors, StringComparison.Ordinal);
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

    /// <summary>A HEAD gets the code only in a header.</summary>
    private static string? CodeIn(string raw)
    {
        if (!raw.Contains("application/problem+json", StringComparison.Ordinal))
            return null;

        return raw.EndsWith("\r\n\r\n", StringComparison.Ordinal)
            ? Regex.Match(raw, "details=\"([a-z0-9-]+)\"") is { Success: true } told ? told.Groups[1].Value : StatusIn(raw)
            : (string?)JsonNode.Parse(Body(raw))!["code"];
    }

    /// <summary>A refusal by the gateway itself has no details in its headers.</summary>
    private static string StatusIn(string raw) => raw.Split(' ')[1] switch { "401" => "unauthenticated", "403" => "not-exposed", "400" => "invalid-request", _ => raw.Split(' ')[1] };

    private static string Body(string raw)
    {
        var body = raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return body[body.IndexOf('{')..(body.LastIndexOf('}') + 1)];
    }
}
