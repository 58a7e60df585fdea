using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// Every setting for routes, clusters and transforms in YARP's reference either works, or <c>check</c> refuses it with a reason. <see cref="Works"/> names the
/// test that shows the effect. A setting that is in no list here makes the first test fail.
/// </summary>
public sealed class YarpReferenceTests
{
    /// <summary>Settings that are refused, with the words of the message that say what to use instead.</summary>
    private static readonly ImmutableDictionary<string, (string Sample, string Instead)> Refused = new Dictionary<string, (string, string)>
    {
        ["Route:CorsPolicy"] = ("\"Default\"", "CalGateway:Access:Cors"),
        ["Route:RateLimiterPolicy"] = ("\"Default\"", "CalGateway:Access:RateLimit"),
        ["Cluster:SessionAffinity"] = ("""{ "Enabled": true, "AffinityKeyName": "a" }""", "LoadBalancingPolicy"),
    }.ToImmutableDictionary();

    /// <summary>Settings that work, with the test class that shows it.</summary>
    private static readonly ImmutableDictionary<string, Type> Works = new Dictionary<string, Type>
    {
        ["Route:ClusterId"] = typeof(YarpReferenceTests),
        ["Route:Order"] = typeof(YarpReferenceTests),
        ["Route:Match"] = typeof(YarpReferenceTests),
        ["Route:Transforms"] = typeof(CalCom.Transforms.TransformRuleTests),
        ["Route:OutputCachePolicy"] = typeof(Caching.CacheTests),
        ["Route:MaxRequestBodySize"] = typeof(Access.BodyLimitTests),
        ["Route:Timeout"] = typeof(Diagnosis.RouteTimeoutTests),
        ["Route:TimeoutPolicy"] = typeof(YarpReferenceTests),
        ["Route:AuthorizationPolicy"] = typeof(Access.ConsumerTests),
        ["Route:Metadata"] = typeof(YarpReferenceTests),
        ["Match:Path"] = typeof(YarpReferenceTests),
        ["Match:Hosts"] = typeof(YarpReferenceTests),
        ["Match:Methods"] = typeof(YarpReferenceTests),
        ["Match:Headers"] = typeof(YarpReferenceTests),
        ["Match:QueryParameters"] = typeof(YarpReferenceTests),
        ["Cluster:Destinations"] = typeof(YarpClusterTests),
        ["Cluster:LoadBalancingPolicy"] = typeof(YarpClusterTests),
        ["Cluster:HealthCheck"] = typeof(YarpClusterTests),
        ["Cluster:HttpClient"] = typeof(YarpClusterTests),
        ["Cluster:HttpRequest"] = typeof(YarpClusterTests),
        ["Cluster:Metadata"] = typeof(YarpClusterTests),
        ["Transform:PathRemovePrefix"] = typeof(YarpReferenceTests),
        ["Transform:PathPrefix"] = typeof(YarpReferenceTests),
        ["Transform:PathSet"] = typeof(YarpReferenceTests),
        ["Transform:PathPattern"] = typeof(YarpReferenceTests),
        ["Transform:QueryValueParameter"] = typeof(YarpReferenceTests),
        ["Transform:QueryRouteParameter"] = typeof(YarpReferenceTests),
        ["Transform:QueryRemoveParameter"] = typeof(YarpReferenceTests),
        ["Transform:HttpMethodChange"] = typeof(YarpReferenceTests),
        ["Transform:RequestHeadersCopy"] = typeof(CalCom.Transforms.RequestHeaderTests),
        ["Transform:RequestHeaderOriginalHost"] = typeof(YarpReferenceTests),
        ["Transform:RequestHeader"] = typeof(CalCom.Transforms.RequestHeaderTests),
        ["Transform:RequestHeaderRouteValue"] = typeof(YarpReferenceTests),
        ["Transform:RequestHeaderRemove"] = typeof(CalCom.Transforms.RequestHeaderTests),
        ["Transform:RequestHeadersAllowed"] = typeof(CalCom.Transforms.RequestHeaderTests),
        ["Transform:X-Forwarded"] = typeof(YarpReferenceTests),
        ["Transform:Forwarded"] = typeof(YarpReferenceTests),
        ["Transform:ClientCert"] = typeof(YarpTlsTests),
        ["Transform:ResponseHeadersCopy"] = typeof(CalCom.Transforms.ResponseHeaderTests),
        ["Transform:ResponseHeader"] = typeof(CalCom.Transforms.ResponseHeaderTests),
        ["Transform:ResponseHeaderRemove"] = typeof(CalCom.Transforms.ResponseHeaderTests),
        ["Transform:ResponseHeadersAllowed"] = typeof(CalCom.Transforms.ResponseHeaderTests),
        ["Transform:ResponseTrailersCopy"] = typeof(CalCom.TrailerTests),
        ["Transform:ResponseTrailer"] = typeof(CalCom.TrailerTests),
        ["Transform:ResponseTrailerRemove"] = typeof(CalCom.TrailerTests),
        ["Transform:ResponseTrailersAllowed"] = typeof(CalCom.TrailerTests),
    }.ToImmutableDictionary();

    /// <summary>The gateway's own transforms, which YARP's reference does not have.</summary>
    private static readonly string[] OfGateway = ["CalApiVersion", "CalApiKeyQuery", "CalNotFound", "CalCredential"];

    [Fact]
    public void The_schema_describes_each_setting_of_the_reference_and_no_other_and_says_which_are_refused()
    {
        var definitions = Schema["$defs"]!;
        var described = Described("Route").Concat(Described("Match")).Concat(Described("Cluster"))
            .Concat(definitions["Transform"]!["anyOf"]!.AsArray().Select(kind => ("Transform:" + (string)kind!["required"]![0]!, false)))
            .Where(setting => !OfGateway.Contains(setting.Item1["Transform:".Length..]))
            .ToList();

        Assert.Equal(Works.Keys.Concat(Refused.Keys).Order(), described.Select(setting => setting.Item1).Order());
        Assert.Equal(Refused.Keys.Order(), described.Where(setting => setting.Item2).Select(setting => setting.Item1).Order());

        IEnumerable<(string, bool)> Described(string kind) =>
            definitions[kind]!["properties"]!.AsObject().Select(member => ($"{kind}:{member.Key}", member.Value!["not"] is not null));
    }

    [Fact]
    public void The_documentation_names_each_of_them()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "src/docs/configuration.md"));

        foreach (var name in Works.Keys.Concat(Refused.Keys).Select(setting => setting.Split(':')[1]))
            Assert.Contains($"`{name}`", text, StringComparison.Ordinal);
        foreach (var (name, (_, instead)) in Refused)
        {
            var line = text.Split('\n').Single(line => line.StartsWith($"| `{name.Split(':')[1]}` |", StringComparison.Ordinal));
            Assert.Contains("refused", line, StringComparison.Ordinal);
            Assert.Contains(instead, line, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public async Task What_is_refused_is_refused_with_what_to_use_instead_from_file_and_environment(string name)
    {
        var (sample, instead) = Refused[name];
        var (kind, setting) = (name.Split(':')[0], name.Split(':')[1]);
        var settings = RouteScene.Settings("");
        var place = kind == "Route" ? settings["ReverseProxy"]!["Routes"]!["pinned"]! : settings["ReverseProxy"]!["Clusters"]!["other"]!;
        place[setting] = JsonNode.Parse(sample);

        var (exit, output, _) = await CheckTests.CheckAsync(settings.ToJsonString());

        Assert.Equal(1, exit);
        Assert.Contains($"does not run YARP's {setting}", output, StringComparison.Ordinal);
        Assert.Contains(instead, output, StringComparison.Ordinal);

        var (key, value) = JsonNode.Parse(sample) is JsonObject several ? ($"{setting}:{several.First().Key}", several.First().Value!.ToString()) : (setting, sample.Trim('"'));
        var variable = (kind == "Route" ? "ReverseProxy:Routes:pinned:" : "ReverseProxy:Clusters:other:") + key;
        var attempt = TestRevision.Factory(new Dictionary<string, string?> { [variable] = value }).Create(Encoding.UTF8.GetBytes(RouteScene.Settings("").ToJsonString()));
        Assert.Contains(attempt.Errors, error =>
            error.Message.Contains(variable.Replace(":", "__", StringComparison.Ordinal), StringComparison.Ordinal)
            && error.Message.Contains($"does not run YARP's {setting}", StringComparison.Ordinal) && error.Message.Contains(instead, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_named_timeout_policy_is_refused_in_favour_of_Timeout_and_Disable_means_none()
    {
        var (exit, output, _) = await CheckTests.CheckAsync(RouteScene.Settings("", "\"TimeoutPolicy\": \"slow\",").ToJsonString());
        Assert.Equal(1, exit);
        Assert.Contains("use Timeout", output, StringComparison.Ordinal);

        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), RouteScene.Settings("", "\"TimeoutPolicy\": \"Disable\","));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(RouteScene.Pinned)).Status);
    }

    [Theory]
    [InlineData("""{ "PathPrefix": "/v2" }""", "GET /v2/calcom/v2/me HTTP/1.1", "/calcom/v2/me")]
    [InlineData("""{ "PathSet": "/v2/teams" }""", "GET /v2/teams HTTP/1.1", "/calcom/v2/me")]
    [InlineData("""{ "PathPattern": "/v2/teams/{rest}" }""", "GET /v2/teams/7 HTTP/1.1", "/calcom/7")]
    [InlineData("""{ "PathRemovePrefix": "/calcom" }, { "QueryValueParameter": "take", "Set": "5" }""", "GET /v2/me?take=5 HTTP/1.1", "/calcom/v2/me?take=9")]
    [InlineData("""{ "PathRemovePrefix": "/calcom" }, { "QueryValueParameter": "take", "Append": "5" }""", "GET /v2/me?take=9&take=5 HTTP/1.1", "/calcom/v2/me?take=9")]
    [InlineData("""{ "PathSet": "/v2/me" }, { "QueryRouteParameter": "team", "Set": "rest" }""", "GET /v2/me?team=7 HTTP/1.1", "/calcom/7")]
    [InlineData("""{ "PathRemovePrefix": "/calcom" }, { "QueryRemoveParameter": "debug" }""", "GET /v2/me?take=9 HTTP/1.1", "/calcom/v2/me?debug=1&take=9")]
    [InlineData("""{ "PathRemovePrefix": "/calcom" }, { "HttpMethodChange": "GET", "Set": "POST" }""", "POST /v2/me HTTP/1.1", "/calcom/v2/me")]
    [InlineData("""{ "PathRemovePrefix": "/calcom" }, { "HttpMethodChange": "PUT", "Set": "POST" }, { "HttpMethodChange": "GET", "Set": "DELETE" }""", "DELETE /v2/me HTTP/1.1", "/calcom/v2/me")]
    public async Task Paths_queries_and_methods_are_changed_as_YARP_documents(string transforms, string line, string asked)
    {
        var settings = RouteScene.Settings("");
        var routes = settings["ReverseProxy"]!["Routes"]!.AsObject();
        routes.Remove("cached");
        routes["pinned"]!["Match"]!["Path"] = "/calcom/{**rest}";
        routes["pinned"]!["Transforms"] = JsonNode.Parse($$"""[{{transforms}}, { "CalApiVersion": "2024-08-13" }]""");
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);

        await scene.GetAsync(asked);

        Assert.Equal(line, scene.Line);
    }

    [Theory]
    [InlineData("""{ "RequestHeaderOriginalHost": "true" }""", "Host", "localhost")]
    [InlineData("""{ "RequestHeaderOriginalHost": "true" }, { "RequestHeadersAllowed": "Accept" }""", "Host", "localhost")]
    [InlineData("""{ "RequestHeader": "Host", "Set": "api.cal.test" }""", "Host", "api.cal.test")]
    [InlineData("""{ "RequestHeaderRouteValue": "X-Rest", "Set": "rest" }""", "X-Rest", "v2/me")]
    [InlineData("""{ "X-Forwarded": "Set" }""", "X-Forwarded-Host", "localhost")]
    [InlineData("""{ "X-Forwarded": "Off", "For": "Set" }""", "X-Forwarded-For", "127.0.0.1")]
    [InlineData("""{ "X-Forwarded": "Off", "Proto": "Set", "HeaderPrefix": "X-Way-" }""", "X-Way-Proto", "http")]
    [InlineData("""{ "Forwarded": "for,host", "ForFormat": "Ip" }""", "Forwarded", "host=\"localhost\";for=127.0.0.1")]
    public async Task What_names_the_caller_is_sent_where_the_file_asks_for_it(string transforms, string header, string value)
    {
        var settings = RouteScene.Settings(transforms);
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("cached");
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);

        foreach (var path in header == "X-Rest" ? [RouteScene.Pinned] : new[] { RouteScene.Pinned, RouteScene.Other })
        {
            await scene.GetAsync(path, ("Host", "localhost"));
            Assert.Equal(value, string.Join(',', scene.Sent[header]));
        }
    }

    [Theory]
    [InlineData("""{ "RequestHeaderOriginalHost": "true" }""")]
    [InlineData("""{ "X-Forwarded": "Set" }""")]
    [InlineData("""{ "X-Forwarded": "Off", "For": "Append" }""")]
    [InlineData("""{ "Forwarded": "for" }""")]
    [InlineData("""{ "ClientCert": "X-Client-Cert" }""")]
    [InlineData("""{ "RequestHeadersCopy": "true" }""")]
    [InlineData("""{ "HttpMethodChange": "GET", "Set": "POST" }""")]
    [InlineData("""{ "ResponseTrailer": "X-Sum", "Set": "1" }""")]
    [InlineData("""{ "ResponseTrailersAllowed": "X-Sum" }""")]
    [InlineData("""{ "ResponseTrailersCopy": "true" }""")]
    [InlineData("""{ "ResponseHeader": "ETag", "Set": "\"x\"" }""")]
    [InlineData("""{ "ResponseHeaderRemove": "Age" }""")]
    public async Task What_a_stored_answer_cannot_have_is_refused_on_a_route_with_a_cache(string transform)
    {
        var settings = RouteScene.Settings(transform);
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("pinned");
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("other");

        var (exit, output, _) = await CheckTests.CheckAsync(settings.ToJsonString());

        Assert.Equal(1, exit);
        Assert.Contains("route with OutputCachePolicy", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_the_caller_only_claims_to_have_is_not_sent()
    {
        var settings = RouteScene.Settings("""{ "RequestHeadersAllowed": "Accept;X-Client-Cert" }, { "ClientCert": "X-Client-Cert" }""");
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("cached");
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);

        foreach (var path in new[] { RouteScene.Pinned, RouteScene.Other })
        {
            await scene.GetAsync(path, ("X-Client-Cert", "forged"));
            Assert.Empty(scene.Sent["X-Client-Cert"]);
        }
    }

    [Theory]
    [InlineData("""{ "Path": "/calcom/{**rest}", "Methods": ["DELETE"] }""", "DELETE", "", "a", "1")]
    [InlineData("""{ "Path": "/calcom/{**rest}", "Hosts": ["localhost"] }""", "GET", "", "Host", "localhost")]
    [InlineData("""{ "Path": "/calcom/{**rest}", "Headers": [{ "Name": "X-Edition", "Values": ["o"], "Mode": "HeaderPrefix" }] }""", "GET", "", "X-Edition", "old")]
    [InlineData("""{ "Path": "/calcom/{**rest}", "Headers": [{ "Name": "X-Edition", "Values": ["OLD"], "IsCaseSensitive": true }] }""", "GET", "", "X-Edition", "OLD")]
    [InlineData("""{ "Path": "/calcom/{**rest}", "QueryParameters": [{ "Name": "edition", "Values": ["l"], "Mode": "Contains" }] }""", "GET", "?edition=old", "a", "1")]
    public async Task What_a_route_matches_by_decides_and_so_does_its_order(string match, string method, string query, string header, string value)
    {
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Routes"]!["old"] = new JsonObject
        {
            ["ClusterId"] = "calcom",
            ["Order"] = -1,
            ["Match"] = JsonNode.Parse(match),
            ["Metadata"] = new JsonObject { ["Owner"] = "the team" },
            ["Transforms"] = JsonNode.Parse("""[{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-11" }]"""),
        };
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);
        using var management = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };

        Assert.Equal("2024-06-11", (await scene.SendAsync(new HttpMethod(method), "/calcom/v2/schedules/1" + query, (header, value)))["CalGateway-Api-Version"]);
        Assert.Equal("2024-08-13", (await scene.GetAsync("/calcom/v2/schedules/1"))["CalGateway-Api-Version"]);
        Assert.Contains("the team", await management.GetStringAsync("/config", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static JsonNode Schema => JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "src/CalGateway/yarp.schema.json")))!;
}
