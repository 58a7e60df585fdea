using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.TestInfrastructure;

internal static class Problems
{
    /// <summary>The problem in the answer; fails where the answer is no problem.</summary>
    public static async Task<JsonNode> GetFromJsonProblemAsync(this HttpClient caller, string path)
    {
        using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
        return await answer.ReadProblemAsync();
    }

    public static async Task<JsonNode> ReadProblemAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }
}
