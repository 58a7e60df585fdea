using System.Text.Json.Nodes;
using CalGateway.Tests.Caching;
using Microsoft.AspNetCore.Builder;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// A gateway with three routes that have the same transforms: <see cref="Pinned"/> and <see cref="Cached"/> to Cal.com, and one to another
/// cluster; and an upstream that answers every request with the same bytes.
/// </summary>
internal sealed class RouteScene : IAsyncDisposable
{
    public const string Pinned = "/calcom/v2/me";
    public const string Cached = "/calcom/v2/event-types";
    public const string Other = "/other/v2/me";
    public const string Body = """{"status":"success","data":[{}]}""";

    private RouteScene(ScriptedUpstream upstream, GatewayFixture gateway)
    {
        Upstream = upstream;
        Gateway = gateway;
        Caller = gateway.CreateClient();
    }

    public ScriptedUpstream Upstream { get; }

    public GatewayFixture Gateway { get; }

    public HttpClient Caller { get; }

    /// <summary>The headers of the last request to the upstream.</summary>
    public ILookup<string, string> Sent => Upstream.Heads[^1].Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)
        .Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);

    /// <summary>Method and target of the last request to the upstream.</summary>
    public string Line => Upstream.Heads[^1].Split("\r\n")[0];

    /// <param name="transforms">The transforms as written in the file, separated by commas.</param>
    /// <param name="answer">The header lines of the answer, without Content-Length.</param>
    /// <param name="status">The status of the answer.</param>
    public static Task<RouteScene> OpenAsync(string transforms, string answer = "", string status = "200 OK") =>
        OpenAsync(ScriptedUpstream.Saying(Answer(answer, status)), Settings(transforms));

    public static string Answer(string headers, string status) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n{headers}\r\n{Body}";

    /// <param name="upstream">The upstream of both clusters.</param>
    /// <param name="settings">The settings; the address of the other cluster in them is replaced by the upstream's.</param>
    public static async Task<RouteScene> OpenAsync(ScriptedUpstream upstream, JsonObject settings, IReadOnlyDictionary<string, string?>? environment = null, Action<WebApplicationBuilder>? adjust = null)
    {
        settings["ReverseProxy"]!["Clusters"]!["other"]!["Destinations"]!["a"]!["Address"] = upstream.Address.AbsoluteUri;
        try
        {
            return new RouteScene(upstream, await GatewayFixture.StartAsync(upstream.Address, settings: settings.ToJsonString(), environment: environment, adjust: adjust));
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    /// <param name="transforms">The transforms as written in the file, separated by commas.</param>
    /// <param name="route">Further members of every route.</param>
    public static JsonObject Settings(string transforms, string route = "")
    {
        var own = transforms.Length > 0 ? ", " + transforms : "";
        var others = transforms.Length > 0 ? transforms + ", " : "";
        return JsonNode.Parse($$"""
            {
              "ReverseProxy": {
                "Routes": {
                  "pinned": {
                    "ClusterId": "calcom", {{route}} "Match": { "Path": "/calcom/{**rest}" },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-08-13" }{{own}}]
                  },
                  "cached": {
                    "ClusterId": "calcom", {{route}} "Match": { "Path": "/calcom/v2/event-types" }, "OutputCachePolicy": "event-types",
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }{{own}}]
                  },
                  "other": { "ClusterId": "other", {{route}} "Match": { "Path": "/other/{**rest}" }, "Transforms": [{{others}}{ "PathRemovePrefix": "/other" }] }
                },
                "Clusters": {
                  "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } },
                  "other": { "Destinations": { "a": { "Address": "http://localhost" } } }
                }
              }
            }
            """)!.AsObject();
    }

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public async Task<Reply> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        using var answer = await Caller.SendAsync(request, TestContext.Current.CancellationToken);
        return await Reply.ReadAsync(answer);
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
