using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Keys;

/// <summary>Callers' own Cal.com tokens on one route, and the gateway's keys and JWTs beside them: what is whose, and what finding that out costs others.</summary>
public sealed class TokensBesideKeysTests
{
    private const string WithToken = RouteScene.Pinned;
    private const string WithKey = RouteScene.Cached;

    /// <summary>A key that an operator had before, which <c>hash-key --stdin</c> takes: nothing in it says that it is the gateway's.</summary>
    private const string OwnKey = "f81d4fae7dec11d0a76500a0c91e6bf6aa00";

    [Fact]
    public async Task However_many_older_hashes_there_are_every_token_goes_to_Cal_com_and_keys_that_have_not_come_open()
    {
        await using var scene = await OpenAsync(WithOlderHashes(2000));
        string[] tokens =
        [
            .. Enumerable.Range(0, 20).Select(user => Jwt($$"""{ "sub": "{{user}}", "type": "access_token" }""")),
            .. Enumerable.Range(0, 20).Select(user => $"cal_live_0123456789abcdef0123456789abcdef{user}"),
            .. Enumerable.Range(0, 20).Select(user => $"user-{user}"),
        ];

        foreach (var token in tokens)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(scene, WithToken, token)).Status);

        Assert.Equal(tokens.Select(token => "Bearer " + token), scene.Upstream.Heads.Select(AuthorizationOf));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(WithKey, ("X-Api-Key", AccessSettings.Key + "1"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(scene, WithKey, AccessSettings.Key + "2")).Status); // a key may come so, too, on other routes
    }

    [Fact]
    public async Task What_may_be_a_key_of_the_gateways_is_not_sent_untried_and_takes_no_trial_from_other_callers()
    {
        await using var scene = await OpenAsync(WithOlderHashes(2000));
        Reply answer;
        var turn = 0;
        do
            answer = await AskAsync(scene, WithToken, $"0123456789abcdef0123456789abcdef{turn}");
        while (answer.Status == HttpStatusCode.OK && ++turn < 100);

        var own = await AskAsync(scene, WithToken, OwnKey);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (answer.Status, own.Status));
        Assert.Equal("1", own["Retry-After"]);
        Assert.DoesNotContain(scene.Upstream.Heads, head => head.Contains(OwnKey, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(WithKey, ("X-Api-Key", OwnKey))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(scene, WithToken, "user-a")).Status);
    }

    [Fact]
    public async Task A_key_of_the_gateways_that_has_expired_is_not_sent_to_Cal_com()
    {
        await using var scene = await OpenAsync(access => access["Consumers"]!["website"]!["Keys"]!.AsArray().Add(
            new JsonObject { ["Hash"] = KeyHash.Of(OwnKey).ToString(), ["Expires"] = "2020-01-01T00:00:00Z" }));

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(scene, WithToken, OwnKey)).Status);
        Assert.Empty(scene.Upstream.Heads);
    }

    [Fact]
    public async Task The_issuer_of_the_gateways_own_tokens_is_not_asked_about_one_of_Cal_coms()
    {
        await using var issuer = ScriptedUpstream.Start(exchange => exchange.HangAsync());
        await using var scene = await OpenAsync(access => access["Jwt"] = new JsonObject { ["Authority"] = issuer.Address.AbsoluteUri, ["Audience"] = "https://gateway.example" });

        var theirs = await AskAsync(scene, WithToken, Jwt("""{ "sub": "7", "aud": "cal" }"""));
        var none = await AskAsync(scene, WithToken, Jwt("7"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (theirs.Status, none.Status));
        Assert.Empty(issuer.Heads);
    }

    [Theory]
    [InlineData("""{ "aud": "calgateway", "exp": 1 }""")]
    [InlineData("""{ "aud": "calgateway/", "exp": 1 }""")]
    [InlineData("""{ "aud": ["cal", "calgateway"], "exp": 1 }""")]
    public async Task A_token_for_the_gateway_is_not_sent_to_Cal_com_whether_it_is_valid_or_not(string claims)
    {
        using var issuer = new TestIssuer();
        await using var scene = await OpenAsync(access => access["Jwt"] = issuer.Section);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(scene, WithToken, Jwt(claims))).Status);
        Assert.Empty(scene.Upstream.Heads);
    }

    private static Action<JsonObject> WithOlderHashes(int count) => access =>
    {
        access["Consumers"]!["own"] = new JsonObject { ["Keys"] = AccessSettings.OlderHash(OwnKey) };
        access["Consumers"]!["many"] = new JsonObject { ["Keys"] = AccessSettings.List([.. Enumerable.Range(0, count).Select(key => AccessSettings.OlderHash(AccessSettings.Key + key))]) };
    };

    /// <summary>One route takes callers' tokens, of anybody; the others take keys.</summary>
    private static Task<RouteScene> OpenAsync(Action<JsonObject> adjust)
    {
        var settings = RouteScene.Settings("");
        var route = settings["ReverseProxy"]!["Routes"]!["pinned"]!;
        route["AuthorizationPolicy"] = "Anonymous";
        route["Transforms"]!.AsArray().Add(new JsonObject { ["CalCredential"] = "Caller" });
        var access = new JsonObject { ["Mode"] = "ApiKey", ["Consumers"] = new JsonObject { ["website"] = AccessSettings.Consumer(AccessSettings.Key) } };
        adjust(access);
        settings["CalGateway"] = new JsonObject { ["Access"] = access };
        return RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);
    }

    private static Task<Reply> AskAsync(RouteScene scene, string path, string token) => scene.GetAsync(path, ("Authorization", "Bearer " + token));

    private static string AuthorizationOf(string head) => head.Split("\r\n").Single(line => line.StartsWith("Authorization: ", StringComparison.Ordinal))["Authorization: ".Length..];

    /// <summary>Nobody checks the signature of these.</summary>
    private static string Jwt(string claims) => $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(claims)}.c2lnbmF0dXJl";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
