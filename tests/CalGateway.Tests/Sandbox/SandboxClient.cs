using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Sandbox;

/// <summary>A caller of the sandbox itself, with its key unless told otherwise; nothing is decompressed or followed.</summary>
internal sealed class SandboxClient(SandboxHost sandbox) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false });

    public Task<HttpResponseMessage> SendAsync(
        string method, string url, string? version = null, string? key = "", string? body = null, params (string Name, string Value)[] headers)
    {
        // The path must arrive as it is written, escapes and all.
        var target = new Uri(sandbox.BaseAddress.GetLeftPart(UriPartial.Authority) + url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Length == 0 ? sandbox.ApiKey : key);
        if (version is not null)
            request.Headers.TryAddWithoutValidation("cal-api-version", version);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string url, string? version = null, string? key = "", params (string Name, string Value)[] headers) =>
        SendAsync("GET", url, version, key, null, headers);

    public async Task<JsonNode> GetJsonAsync(string url, string? version = null, string? key = "") => await ReadAsync(await GetAsync(url, version, key));

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    public void Dispose() => http.Dispose();
}
