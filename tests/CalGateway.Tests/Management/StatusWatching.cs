using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>Looks at <c>/status</c> until it says what is waited for: a request is counted a moment after its answer was sent.</summary>
internal static class StatusWatching
{
    public static async Task<JsonNode> StatusWhenAsync(this GatewayFixture gateway, Func<JsonNode, bool> condition, string what)
    {
        JsonNode? status = null;
        await Eventually.TrueAsync(async () => condition(status = await gateway.StatusAsync()), what);
        return status!;
    }

    /// <summary>A miss, a hit and something that is not there; all are counted when this returns.</summary>
    public static async Task VisitAsync(this Pair pair)
    {
        var before = (int)(await pair.Gateway.StatusAsync())["traffic"]!["requests"]!;
        foreach (var path in new[] { "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/event-types/999999" })
            (await pair.GetAsync(path)).Dispose();
        await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == before + 3, "all are counted");
    }

    /// <summary>The concerns once they are these, the first first.</summary>
    public static async Task<IReadOnlyList<JsonNode>> ConcernsWhenAsync(this GatewayFixture gateway, params string[] codes)
    {
        JsonNode? status = null;
        await Eventually.TrueAsync(
            async () => Codes(status = await gateway.StatusAsync()).SequenceEqual(codes),
            () => $"the concerns are [{string.Join(", ", codes)}]; they are [{string.Join(", ", Codes(status!))}]");
        return [.. status!["concerns"]!.AsArray().Select(concern => concern!)];
    }

    private static IEnumerable<string> Codes(JsonNode status) => status["concerns"]!.AsArray().Select(concern => (string)concern!["code"]!);
}
