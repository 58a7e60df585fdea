using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>Refreshing a key ends the one that was presented: from then on only the new one works.</summary>
internal sealed class ApiKeys(Account account)
{
    public void Bind(OperationTable table) => table.Handle("POST", "/v2/api-keys/refresh", ApiVersions.All, Refresh);

    private Answer Refresh(Call call) => account.Keys.Refresh(call.Key!) is { } fresh
        ? Answer.Ok(new JsonObject { ["apiKey"] = fresh })
        : Answer.Unauthorized("ApiAuthStrategy - api key - Your api key is not valid");
}
