using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Envelope;
using CalGateway.Problems;

namespace CalGateway.Explain;

/// <summary>
/// Asks the gateway that runs on this machine with the same settings file what only it knows of a request: quota, circuit, and what is stored. For the verb
/// <c>explain</c>, which is a process of its own.
/// </summary>
/// <param name="token">The token of the management listener; null for none.</param>
internal sealed class RunningGateway(OwnAddress address, string? token)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The explanation with what the running gateway knows, or with a note that says why it knows nothing.</summary>
    /// <param name="settingsFile">The full path of the settings file; a gateway with another file is another gateway.</param>
    public async Task<Explanation> AddToAsync(Explanation explanation, DescribedRequest asked, string settingsFile)
    {
        using var client = address.CreateClient(Timeout);
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            var status = await ReadAsync(client, "/status");
            if ((string?)status["settingsFile"] != settingsFile)
                return explanation with { Live = $"the gateway at {address} runs with another settings file, so that its quota, circuit and cache are not told here" };

            return Merge(explanation, await ReadAsync(client, asked.ToQuery()));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException or FormatException)
        {
            var why = failure is HttpRequestException { StatusCode: { } code } ? $"the gateway at {address} answers {(int)code}" : $"no gateway answers at {address}";
            return explanation with { Live = $"{why}: quota, circuit and cache are those of a gateway that has just started" };
        }
    }

    private Explanation Merge(Explanation explanation, JsonNode told) => explanation with
    {
        Live = (string?)told["revision"] == explanation.Revision
            ? $"quota, circuit and cache as the gateway at {address} has them now"
            : $"quota, circuit and cache as the gateway at {address} has them now, which serves revision {(string?)told["revision"]}",
        Quota = (string?)told["quota"] ?? explanation.Quota,
        Circuit = (string?)told["circuit"] ?? explanation.Circuit,
        Cache = told["cache"].Deserialize<CacheExplanation>(ReadableJson.Options) ?? explanation.Cache,
    };

    private static async Task<JsonNode> ReadAsync(HttpClient client, string path)
    {
        await using var body = await client.GetStreamAsync(new Uri(path, UriKind.Relative));
        return (await JsonNode.ParseAsync(body))!;
    }
}
