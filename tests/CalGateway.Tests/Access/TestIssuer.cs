using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.Access;

/// <summary>Makes tokens, and the key set in a file that they are checked by.</summary>
internal sealed class TestIssuer : IDisposable
{
    private const string Name = "https://issuer.example";
    private const string Audience = "calgateway";

    private readonly RSA _key = RSA.Create(2048);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-issuer-");

    public TestIssuer()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        File.WriteAllText(KeySetPath, new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "one", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        }.ToJsonString());
    }

    /// <summary>What belongs under <c>Access:Jwt</c>.</summary>
    public JsonObject Section => new() { ["KeysFile"] = KeySetPath, ["Issuer"] = Name, ["Audience"] = Audience };

    private string KeySetPath => Path.Combine(_folder.FullName, "keys.json");

    public string TokenOf(string subject)
    {
        var claims = new JsonObject
        {
            ["iss"] = Name, ["aud"] = Audience, ["sub"] = subject, ["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        };
        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT","kid":"one"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
