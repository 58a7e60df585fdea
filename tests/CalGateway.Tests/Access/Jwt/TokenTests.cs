using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Jwt;

/// <summary>Which tokens open the gateway.</summary>
public sealed class TokenTests : TokenScene
{
    [Fact]
    public async Task A_good_token_opens_and_one_that_names_a_consumer_has_its_rights()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(), "/calcom/v2/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(subject: "lists-only")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(gateway, Token(subject: "lists-only"), "/calcom/v2/me"));
        Assert.All(sandbox.Requests.All, request => Assert.Equal("Bearer " + sandbox.ApiKey, request.Header("Authorization").Single()));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expired_mis_signed_unsigned_and_foreign_tokens_do_not_open()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        var good = Token();
        var parts = good.Split('.');
        string[] bad =
        [
            Token(lifetime: TimeSpan.FromMinutes(-5)),
            Token(lifetime: null),
            Token(signer: AnothersKey),
            Token(audience: "another-service"),
            Token(issuer: "https://evil.example"),
            $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Encode("""{"alg":"None","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            SignedWithThePublicKeyAsSecret(),
            $"{parts[0]}.{Encode("""{"iss":"https://issuer.example","aud":"calgateway","exp":4102444800,"sub":"admin"}""")}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            "..", "a.b.c", good + "x",
        ];

        foreach (var token in bad)
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, null));
        Assert.Empty(sandbox.Requests.All);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains(parts[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_issuer_cannot_be_reached_no_token_opens_andKeys_go_on()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.ApiKey(access: access =>
        {
            access["Jwt"] = new JsonObject { ["Authority"] = "http://127.0.0.1:9", ["Audience"] = Audience };
        }).Replace("\"OutputCachePolicy\":", "\"AuthorizationPolicy\":\"Known\",\"OutputCachePolicy\":", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, AccessSettings.Key));
        Assert.Contains(gateway.Logs.Lines, line => line.Text.Contains("does not give its keys", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("this is a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_may_ask_for_a_token_beside_others_that_ask_for_aKey()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.ApiKey(access: access => access["Jwt"] = Jwt())
            .Replace("\"OutputCachePolicy\":", "\"AuthorizationPolicy\":\"Jwt\",\"OutputCachePolicy\":", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, AccessSettings.Key));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, AccessSettings.Key, "/calcom/v2/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token(), "/calcom/v2/me"));
    }

    [Fact]
    public async Task An_audience_that_is_edited_counts_for_the_next_request()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));

        gateway.Edit(text => text.Replace($"\"{Audience}\"", "\"another-service\"", StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(audience: "another-service")) == HttpStatusCode.OK, "the new audience is accepted");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token()));
    }

    [Fact]
    public async Task A_token_in_the_header_that_is_the_gateways_own_opens_too_and_leaves_Authorization_alone()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", "of-another-service");

        foreach (var (token, status) in new[] { (Token(), HttpStatusCode.OK), ("Bearer " + Token(), HttpStatusCode.OK), (Token(signer: AnothersKey), HttpStatusCode.Unauthorized) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/event-types");
            request.Headers.Add("CalGateway-Token", token);
            using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Jwt")]
    [InlineData("Anonymous")]
    public async Task A_token_that_was_made_out_to_the_gateway_is_401_where_Cal_coms_belongs_and_never_sent(string mode)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.With(new JsonObject { ["Mode"] = mode, ["Jwt"] = Jwt(), ["RateLimit"] = new JsonObject { ["Requests"] = 1000 } })
            .Replace("{\"CalApiVersion\"", "{\"CalCredential\":\"Caller\"},{\"CalApiVersion\"", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("CalGateway-Token", Token());

        foreach (var token in new[] { Token(), Token(TimeSpan.FromMinutes(-5)), Token(signer: AnothersKey), Token(issuer: "https://evil.example") })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, token));

            // Known by the header of the gateway's own.
            caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
            Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Empty(sandbox.Requests.All);

        // Cal.com's look like ours, and what looks like a token only is for Cal.com to judge.
        foreach (var token in new[] { Token(issuer: "https://app.cal.example", audience: "cal.com"), "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJ.%7B.x".Replace("%", "", StringComparison.Ordinal) })
        {
            caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
            (await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken)).Dispose();
            Assert.Equal("Bearer " + token, sandbox.Requests.All[^1].Header("Authorization").Single());
        }
    }

    /// <summary>The old confusion of a public key with a secret.</summary>
    private string SignedWithThePublicKeyAsSecret()
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT","kid":"one"}""")}.{Token().Split('.')[1]}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed)))}";
    }
}
