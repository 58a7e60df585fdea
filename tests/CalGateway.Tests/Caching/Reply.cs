using System.Net;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.Caching;

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, string CacheStatus, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>Of a problem.</summary>
    public string? Code => (string?)JsonNode.Parse(Body)!["code"];

    public IEnumerable<string> Titles => JsonNode.Parse(Body)!["data"]!.AsArray().Select(item => (string)item!["title"]!);

    public static async Task<Reply> ReadAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var headers = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new Reply(answer.StatusCode, headers.GetValueOrDefault("Cache-Status", ""), body, headers);
    }
}
