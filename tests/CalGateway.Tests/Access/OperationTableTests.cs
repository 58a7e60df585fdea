using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Catalogue;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>Every operation of the catalogue, asked by everybody, through the front door: what was decided is what arrives at Cal.com, or nothing does.</summary>
public sealed partial class OperationTableTests
{
    private static readonly string[] Lists =
    [
        "GET /v2/event-types", "GET /v2/event-types/{username}/public", "GET /v2/teams/{teamId}/event-types",
        "GET /v2/organizations/{orgId}/teams/{teamId}/event-types",
    ];

    [Fact]
    public async Task Strangers_reach_what_Cal_com_serves_everybody_and_the_lists_and_nothing_else()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.Anonymous());

        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var open = !IsDangerous(operation) && (Lists.Contains(operation.ToString()) || operation.Auth is AuthRequirement.None or AuthRequirement.Optional);
            var seen = await AskAsync(gateway, sandbox, operation, key: null);
            Assert.True(open == seen.Arrived, $"{operation}: arrived {seen.Arrived}, answered {seen.Code}");
            Assert.Equal(open ? null : "not-exposed", seen.Refusal);

            // Only for a list does the owner's key speak for a stranger; what comes back is filtered.
            Assert.Equal(open && Lists.Contains(operation.ToString()), seen.Signed);
        }
    }

    [Fact]
    public async Task A_consumer_reaches_all_but_keys_webhooks_and_the_organisation()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());

        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var seen = await AskAsync(gateway, sandbox, operation, AccessSettings.Key);
            Assert.True(!IsDangerous(operation) == seen.Arrived, $"{operation}: arrived {seen.Arrived}, answered {seen.Code}");
            Assert.Equal(IsDangerous(operation) ? "not-exposed" : null, seen.Refusal);
            Assert.Equal(seen.Arrived, seen.Signed);
        }
    }

    [Fact]
    public async Task A_consumer_for_whom_everything_was_opened_reaches_everything()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var everything = CalComCatalogue.Default.Operations.Where(IsDangerous).Select(operation => operation.ToString()).ToArray();
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, settings: AccessSettings.ApiKey(consumer => consumer["Allow"] = AccessSettings.List(everything)));

        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var seen = await AskAsync(gateway, sandbox, operation, AccessSettings.Key);
            Assert.True(seen.Arrived, $"{operation}: answered {seen.Code}");
            Assert.Null(seen.Refusal);
        }
    }

    [Fact]
    public async Task Without_a_key_nothing_arrives_where_keys_are_asked_for()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());

        foreach (var operation in CalComCatalogue.Default.Operations)
            Assert.Equal("unauthenticated", (await AskAsync(gateway, sandbox, operation, key: null)).Refusal);
        Assert.Empty(sandbox.Requests.All);
    }

    private static bool IsDangerous(Operation operation) => operation.Risk is Risk.Credential or Risk.Exfiltration or Risk.OrgAdmin;

    private static async Task<(bool Arrived, bool Signed, string? Refusal, HttpStatusCode Code)> AskAsync(
        GatewayFixture gateway, SandboxHost sandbox, Operation operation, string? key)
    {
        // A path of its own each time, so that no answer comes from the cache.
        var path = Parameter().Replace(operation.Template, "7");
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), $"/calcom{path}?asked={Guid.NewGuid():n}");
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        if (operation.Method is not ("GET" or "DELETE"))
            request.Content = new StringContent("{}", null, "application/json");

        sandbox.Requests.Clear();
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        var refusal = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]
            : null;
        var arrived = sandbox.Requests.All;
        return (arrived.Count == 1, arrived.SelectMany(request => request.Header("Authorization")).Any(),
            refusal is "not-exposed" or "unauthenticated" or "forbidden" or "invalid-request" ? refusal : null, answer.StatusCode);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
