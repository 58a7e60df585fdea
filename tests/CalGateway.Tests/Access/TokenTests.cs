using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

public sealed class TokenTests : IDisposable
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "calgateway";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _anothersKey = RSA.Create(2048);
    private readonly string _keys = Path.GetTempFileName();

    public TokenTests() => File.WriteAllText(_keys, KeySet());

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
            Token(signer: _anothersKey),
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
    public async Task Where_the_issuer_cannot_be_reached_no_token_opens_and_keys_go_on()
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
    public async Task A_route_may_ask_for_a_token_beside_others_that_ask_for_a_key()
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

    public void Dispose()
    {
        _key.Dispose();
        _anothersKey.Dispose();
        File.Delete(_keys);
    }

    private string Settings() => AccessSettings.With(new JsonObject
    {
        ["Mode"] = "Jwt",
        ["Jwt"] = Jwt(),
        ["Consumers"] = new JsonObject { ["lists-only"] = new JsonObject { ["Operations"] = AccessSettings.List("GET /v2/event-types") } },
    });

    private JsonObject Jwt() => new() { ["KeysFile"] = _keys, ["Issuer"] = Issuer, ["Audience"] = Audience };

    private string KeySet()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "one", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        }.ToJsonString();
    }

    private string Token() => Token(TimeSpan.FromMinutes(5));

    private string Token(RSA signer) => Token(TimeSpan.FromMinutes(5), signer: signer);

    private string Token(string? subject = null, string? audience = null, string? issuer = null) =>
        Token(TimeSpan.FromMinutes(5), subject, audience, issuer);

    private string Token(TimeSpan? lifetime, string? subject = null, string? audience = null, string? issuer = null, RSA? signer = null)
    {
        var claims = new JsonObject { ["iss"] = issuer ?? Issuer, ["aud"] = audience ?? Audience, ["sub"] = subject ?? "somebody" };
        if (lifetime is { } left)
            claims["exp"] = TimeProvider.System.GetUtcNow().Add(left).ToUnixTimeSeconds();

        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT","kid":"one"}""")}.{Encode(claims.ToJsonString())}";
        var signature = (signer ?? _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The old confusion of a public key with a secret.</summary>
    private string SignedWithThePublicKeyAsSecret()
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT","kid":"one"}""")}.{Token().Split('.')[1]}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static async Task<HttpStatusCode> AskAsync(GatewayFixture gateway, string? bearer, string path = "/calcom/v2/event-types")
    {
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
