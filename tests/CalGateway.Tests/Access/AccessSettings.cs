using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>The shipped settings with an Access section, and keys for it.</summary>
internal static class AccessSettings
{
    public const string Key = "cgw_for-tests-0123456789-abcdefghijklmnop";
    public const string OtherKey = "cgw_of-another-9876543210-ponmlkjihgfedcba";

    public static string With(JsonObject access)
    {
        var options = new System.Text.Json.JsonDocumentOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings, documentOptions: options)!.AsObject();
        settings["CalGateway"]!["Access"] = access;
        return settings.ToJsonString();
    }

    public static string Anonymous() => With(new JsonObject { ["Mode"] = "Anonymous" });

    /// <summary>The mode ApiKey with one consumer, "website", whose key is <see cref="Key"/>.</summary>
    public static string ApiKey(Action<JsonObject>? consumer = null, Action<JsonObject>? access = null)
    {
        var website = Consumer(Key);
        consumer?.Invoke(website);
        var section = new JsonObject { ["Mode"] = "ApiKey", ["Consumers"] = new JsonObject { ["website"] = website } };
        access?.Invoke(section);
        return With(section);
    }

    public static JsonObject Consumer(params string[] keys) =>
        new() { ["Keys"] = new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject { ["Hash"] = KeyHash.Of(key).ToString() })]) };

    /// <summary>A hash as <c>hash-key</c> made them before keys were looked up.</summary>
    public static string OlderHash(string key)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return $"hmac-sha256:{Base64Url.EncodeToString(salt)}:{Base64Url.EncodeToString(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(key)))}";
    }

    public static JsonArray List(params string[] items) => new([.. items.Select(item => (JsonNode)item)]);
}
