using System.Net;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.Access.Browsers;

/// <summary>Requests as the pages of three sites send them.</summary>
internal static class BrowserScene
{
    public const string Shop = "https://shop.example";
    public const string Blog = "https://blog.example";
    public const string Stranger = "https://evil.example";

    public static void Cors(JsonObject access) => access["Cors"] = new JsonObject { ["Origins"] = AccessSettings.List(Shop, Blog) };

    public static async Task<HttpResponseMessage> AskAsync(HttpClient caller, string? origin, string path = "/calcom/v2/event-types")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Api-Key", AccessSettings.Key);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await caller.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<HttpResponseMessage> PreflightAsync(HttpClient caller, string origin, string headers = "x-api-key")
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/calcom/v2/event-types");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", headers);
        var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.NoContent)
            Assert.All(headers.Split(", "), header => Assert.Contains(header, Header(answer, "Access-Control-Allow-Headers")!.Split(", "), StringComparer.OrdinalIgnoreCase));
        return answer;
    }

    public static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
