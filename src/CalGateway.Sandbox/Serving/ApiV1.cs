using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Edge;
using CalGateway.Sandbox.Operations.EventTypeApi;
using Microsoft.AspNetCore.WebUtilities;

namespace CalGateway.Sandbox.Serving;

/// <summary>API v1: discontinued, so that every path answers 410; or, where the options say so, as it was before.</summary>
internal sealed class ApiV1(SandboxOptions options, Account account)
{
    public static bool Owns(string path) =>
        path.Equals("/v1", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/v1/", StringComparison.OrdinalIgnoreCase);

    public Outgoing Answer(CalComRequest request)
    {
        var (status, json) = options.V1Works ? Former(request) : Gone();
        return new Outgoing(status, Payload.Of(json));
    }

    private static (int Status, JsonNode Json) Gone() => (StatusCodes.Status410Gone, new JsonObject
    {
        ["error"] = "Gone",
        ["message"] = "API v1 has been discontinued. Please migrate to API v2: https://cal.com/docs/api-reference/v2/introduction",
    });

    private (int Status, JsonNode Json) Former(CalComRequest request)
    {
        string? key = QueryHelpers.ParseQuery(request.Query).GetValueOrDefault("apiKey");
        if (string.IsNullOrEmpty(key))
            return (401, new JsonObject { ["message"] = "No apiKey provided" });
        if (!account.Keys.IsValid(key))
            return (401, new JsonObject { ["message"] = "Your API key is not valid." });
        if (request.Method != "GET" || !request.Path.TrimEnd('/').Equals("/v1/event-types", StringComparison.OrdinalIgnoreCase))
            return (404, new JsonObject { ["message"] = "Not Found" });

        return (200, new JsonObject { ["event_types"] = account.Read(LegacyEventTypes.V1List) });
    }
}
