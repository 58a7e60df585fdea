using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.TestInfrastructure;

internal static class ManagementClient
{
    public static Task<JsonNode> StatusAsync(this GatewayFixture gateway) => gateway.AskManagementAsync("/status");

    public static async Task<JsonNode> AskManagementAsync(this GatewayFixture gateway, string path)
    {
        using var client = new HttpClient { BaseAddress = gateway.ManagementAddress };
        return (await client.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;
    }
}
