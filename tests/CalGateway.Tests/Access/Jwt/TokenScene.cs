using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Jwt;

/// <summary>An issuer of tokens whose key set is a file, and settings that trust it.</summary>
public abstract class TokenScene : IDisposable
{
    protected const string Issuer = "https://issuer.example";
    protected const string Audience = "calgateway";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-keys-");

    protected TokenScene() => File.WriteAllText(KeySetPath, KeySet());

    protected RSA Key { get; } = RSA.Create(2048);

    protected RSA AnothersKey { get; } = RSA.Create(2048);

    protected string KeySetPath => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Key.Dispose();
        AnothersKey.Dispose();
        _folder.Delete(recursive: true);
    }

    protected string Settings() => AccessSettings.With(new JsonObject
    {
        ["Mode"] = "Jwt",
        ["Jwt"] = Jwt(),
        ["Consumers"] = new JsonObject { ["lists-only"] = new JsonObject { ["Operations"] = AccessSettings.List("GET /v2/event-types") } },
    });

    protected JsonObject Jwt() => new() { ["KeysFile"] = KeySetPath, ["Issuer"] = Issuer, ["Audience"] = Audience };

    protected string KeySet() => KeySet(Key);

    protected static string KeySet(RSA pair)
    {
        var key = pair.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "one", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        }.ToJsonString();
    }

    protected string Token() => Token(TimeSpan.FromMinutes(5));

    protected string Token(RSA signer) => Token(TimeSpan.FromMinutes(5), signer: signer);

    protected string Token(string? subject = null, string? audience = null, string? issuer = null) =>
        Token(TimeSpan.FromMinutes(5), subject, audience, issuer);

    protected string Token(TimeSpan? lifetime, string? subject = null, string? audience = null, string? issuer = null, RSA? signer = null)
    {
        var claims = new JsonObject { ["iss"] = issuer ?? Issuer, ["aud"] = audience ?? Audience, ["sub"] = subject ?? "somebody" };
        if (lifetime is { } left)
            claims["exp"] = TimeProvider.System.GetUtcNow().Add(left).ToUnixTimeSeconds();

        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT","kid":"one"}""")}.{Encode(claims.ToJsonString())}";
        var signature = (signer ?? Key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    protected static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private protected static async Task<HttpStatusCode> AskAsync(GatewayFixture gateway, string? bearer, string path = "/calcom/v2/event-types")
    {
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
