using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;

namespace CalGateway.Benchmarks.Growing;

/// <summary>A settings file with so many routes and consumers.</summary>
/// <param name="Routes">As many as it ships with where it is zero.</param>
/// <param name="Consumers">Each with a key.</param>
/// <param name="OlderHashes">Of the form that has to be tried.</param>
internal sealed record GrowthCase(int Routes, int Consumers, bool OlderHashes = false)
{
    public string Name => $"{(Routes == 0 ? "shipped" : $"{Routes}")} routes, {Consumers} keys{(OlderHashes ? ", older hashes" : "")}";

    public static string KeyOf(int consumer) => $"cgw_benchmark-of-growth-0123456789-{consumer:0000}";

    /// <summary>The file as it ships, in the mode ApiKey.</summary>
    public string Write(DirectoryInfo folder)
    {
        var options = new System.Text.Json.JsonDocumentOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "yarp.json")), documentOptions: options)!.AsObject();
        var routes = settings["ReverseProxy"]![nameof(Routes)]!.AsObject();
        for (var route = routes.Count; route < Routes; route++)
            routes[$"more-{route}"] = Route(route);
        settings["CalGateway"]!["Access"] = new JsonObject
        {
            ["Mode"] = "ApiKey",
            [nameof(Consumers)] = new JsonObject(Enumerable.Range(0, Consumers).Select(consumer =>
                KeyValuePair.Create<string, JsonNode?>($"caller-{consumer}", new JsonObject { ["Keys"] = new JsonArray(HashOf(KeyOf(consumer))) }))),
        };

        var path = Path.Combine(folder.CreateSubdirectory(Name.Replace(' ', '-')).FullName, "yarp.json");
        File.WriteAllText(path, settings.ToString());
        return path;
    }

    private static JsonObject Route(int route) => new()
    {
        ["ClusterId"] = "calcom",
        ["Match"] = new JsonObject { ["Path"] = string.Create(CultureInfo.InvariantCulture, $"/calcom/v2/more-{route}/{{**rest}}") },
        ["OutputCachePolicy"] = "event-types",
        ["Transforms"] = new JsonArray(new JsonObject { ["PathRemovePrefix"] = "/calcom" }, new JsonObject { ["CalApiVersion"] = "2024-06-14" }),
    };

    private string HashOf(string key)
    {
        if (!OlderHashes)
            return KeyHash.Of(key).ToString();

        var salt = RandomNumberGenerator.GetBytes(16);
        return $"hmac-sha256:{System.Buffers.Text.Base64Url.EncodeToString(salt)}:{System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(key)))}";
    }
}
