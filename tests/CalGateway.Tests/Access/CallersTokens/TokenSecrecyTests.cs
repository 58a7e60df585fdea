using CalGateway.Caching.Store;
using CalGateway.Tests.Caching.Sharing;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>A caller's token is written nowhere: not to logs, telemetry, problems, the store or Redis.</summary>
public sealed class TokenSecrecyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_Redis_nothing_of_a_token_or_of_its_lists_gets_there()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var calCom = await ManyUsers.StartAsync();

        // The first of the shipped routes alone sends tokens on; the others' lists are shared as ever.
        await using var scene = new TokenScene(calCom, await GatewayFixture.StartAsync(
            calCom.Address, TokenScene.GatewaysKey, GatewayFixture.ShippedSettings.ReplaceFirst("{ \"CalApiVersion\"", "{ \"CalCredential\": \"Caller\" }, { \"CalApiVersion\""),
            SharedScene.At(redis.Address)));
        await SharedScene.UpAsync(scene.Gateway);

        for (var turn = 0; turn < 2; turn++)
        {
            foreach (var token in new[] { "user-a", "user-b" })
                (await scene.GetAsync(TokenScene.List, "Bearer " + token)).Dispose();
        }

        (await scene.GetAsync("/calcom/v2/teams/7/event-types", "")).Dispose();
        await Eventually.TrueAsync(async () => (await redis.ValuesAsync()).Count > 0, "the gateway's own list is shared");

        var (key, value) = Assert.Single(await redis.ValuesAsync());
        Assert.DoesNotContain("user-", key, StringComparison.Ordinal);
        Assert.DoesNotContain("-resu", System.Text.Encoding.Latin1.GetString(value), StringComparison.Ordinal);
        Assert.DoesNotContain(await redis.KeysAsync(), name => scene.Gateway.Services.GetRequiredService<AnswerTable>().All.Any(answer => answer.Owner is { } owner && name.Contains(owner, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_token_is_nowhere_in_logs_spans_metrics_problems_status_or_a_dump_of_the_store()
    {
        const string token = "eyJhbGciOi.users-secret-token_0123456789abcdef.c2ln";
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());
        var seen = new List<string>();
        foreach (var status in new[] { 200, 200, 401, 403, 404, 500, 429 })
        {
            scene.CalCom.Refused[token] = status;
            foreach (var path in new[] { TokenScene.List, TokenScene.Me })
            {
                using var answer = await scene.GetAsync(path, "Bearer " + token);
                seen.Add(answer.Headers.ToString());
                seen.Add(await answer.Content.ReadAsStringAsync(Cancellation));
            }

            if (status == 200)
                seen.AddRange(scene.Gateway.Services.GetRequiredService<AnswerTable>().All.Select(answer => $"{answer.Key} {answer.Owner} {string.Join(' ', answer.Tags)}"));
        }

        using var operators = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };
        foreach (var page in new[] { "/status", "/config", "/metrics", "/explain?path=/calcom/v2/event-types&header=Authorization:%20Bearer%20" + token })
            seen.Add(await operators.GetStringAsync(page, Cancellation));
        seen.AddRange(scene.Gateway.Logs.Lines.Select(line => line.ToString()!));
        seen.AddRange(scene.Gateway.Spans.All.Select(span => $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}"));

        Assert.Contains(seen, text => text.Contains("token ", StringComparison.Ordinal)); // the store's key has the hash
        Assert.All(seen, text => Assert.DoesNotContain("users-secret-token", text, StringComparison.OrdinalIgnoreCase));
    }
}
