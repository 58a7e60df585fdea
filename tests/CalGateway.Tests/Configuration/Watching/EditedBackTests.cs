using System.Globalization;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration.Watching;

/// <summary>A setting that is edited away and comes back begins anew: nothing is left of what was remembered for it.</summary>
public sealed class EditedBackTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_limit(bool ofTheConsumer)
    {
        var limited = AccessSettings.ApiKey(consumer => Limit(consumer, ofTheConsumer), access => Limit(access, !ofTheConsumer));
        await using var pair = await Pair.StartAsync(settings: limited);
        Assert.Equal("200 429", $"{await AskAsync()} {await AskAsync()}");

        await EditAsync(pair.Gateway, _ => AccessSettings.ApiKey());
        await EditAsync(pair.Gateway, _ => limited);

        Assert.Equal("200 429", $"{await AskAsync()} {await AskAsync()}");

        static void Limit(JsonObject section, bool isMeant)
        {
            if (isMeant)
                section["RateLimit"] = new JsonObject { ["Requests"] = 1, ["Window"] = "1.00:00:00" };
        }

        async Task<string> AskAsync()
        {
            using var answer = await pair.GetAsync("/calcom/v2/me", ("X-Api-Key", AccessSettings.Key));
            return ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task What_a_shadow_has_counted()
    {
        var shadowed = GatewayFixture.ShippedSettings.Replace(
            "\"CalApiVersion\": \"2024-08-13\"", "\"CalApiVersion\": \"2024-08-13\", \"Shadow\": \"2026-02-25\", \"ShadowPercent\": \"100\"", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: shadowed);
        (await pair.GetAsync("/calcom/v2/bookings")).Dispose();
        await Eventually.TrueAsync(async () => (await OperationsAsync())!.Count == 1, "the read is compared");

        await EditAsync(pair.Gateway, _ => GatewayFixture.ShippedSettings);
        Assert.Null(await OperationsAsync());
        await EditAsync(pair.Gateway, _ => shadowed);

        Assert.Empty((await OperationsAsync())!);

        async Task<JsonArray?> OperationsAsync() =>
            (await pair.Gateway.StatusAsync())["routes"]!.AsArray().Single(route => (string?)route!["route"] == "bookings")!["shadow"]?["operations"]?.AsArray();
    }

    [Fact]
    public async Task The_deprecation_that_Cal_com_announced_at_a_pin()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""", contentType: "application/json", headers: new Dictionary<string, string> { ["Deprecation"] = "true" }));
        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        Assert.Equal(1, await AnnouncedAsync());

        await EditAsync(pair.Gateway, text => text.Replace("\"2024-08-13\"", "\"2024-06-14\"", StringComparison.Ordinal));
        Assert.Equal(0, await AnnouncedAsync());
        await EditAsync(pair.Gateway, _ => GatewayFixture.ShippedSettings);

        Assert.Equal(0, await AnnouncedAsync());
        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        Assert.Equal(1, await AnnouncedAsync());

        async Task<int> AnnouncedAsync() => (await pair.Gateway.StatusAsync())["deprecations"]?.AsArray().Count ?? 0;
    }

    [Fact]
    public async Task A_cache_policy_whose_lists_were_changed_while_it_was_away()
    {
        var cached = GatewayFixture.ShippedSettings
            .Replace("\"Policies\": {", "\"Policies\": { \"mine\": { \"Fresh\": \"01:00:00\", \"EvictedBy\": [\"bookings\"] },", StringComparison.Ordinal)
            .Replace("\"/calcom/v2/bookings/{**rest}\" },", "\"/calcom/v2/bookings/{**rest}\" }, \"OutputCachePolicy\": \"mine\",", StringComparison.Ordinal);
        await using var scene = await CacheScene.OpenAsync(settings: cached, realClock: true);
        await scene.GetAsync("/calcom/v2/bookings");
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync("/calcom/v2/bookings")).CacheStatus, StringComparison.Ordinal);

        await EditAsync(scene.Gateway, _ => GatewayFixture.ShippedSettings);
        scene.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""").For("POST", null));
        await scene.WriteAsync(HttpMethod.Post, "/calcom/v2/bookings", "{}");
        await EditAsync(scene.Gateway, _ => cached);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync("/calcom/v2/bookings")).CacheStatus);
    }

    private static async Task EditAsync(GatewayFixture gateway, Func<string, string> change)
    {
        var before = Edits();
        gateway.Edit(change);
        await Eventually.TrueAsync(() => Edits() > before, "the edit is in force");

        int Edits() => gateway.Logs.Lines.Count(line => line.Text.Contains("was edited, revision", StringComparison.Ordinal));
    }
}
