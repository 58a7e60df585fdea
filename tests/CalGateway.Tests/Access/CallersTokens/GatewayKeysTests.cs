using CalGateway.Access.Callers;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>The gateway's own keys on routes that send callers' tokens, and callers' tokens on those that do not.</summary>
public sealed class GatewayKeysTests
{
    private const string Key = "cgw_a-key-that-opens-0123456789";

    private static string WithKeys => TokenScene.Settings($$"""{ "Mode": "ApiKey", "Consumers": { "app": { "Keys": [{ "Hash": "{{KeyHash.Of(Key)}}" }] } } }""");

    [Theory]
    [InlineData("X-Api-Key", Key, 200)]
    [InlineData("CalGateway-Token", Key, 200)]
    [InlineData("X-Api-Key", "wrong", 401)]
    [InlineData("CalGateway-Token", "wrong", 401)]
    [InlineData("X-Other", "x", 401)]
    public async Task The_gateways_own_keys_come_in_a_header_of_their_own(string header, string value, int status)
    {
        await using var scene = await TokenScene.OpenAsync(WithKeys);

        using var answer = await scene.GetAsync(TokenScene.Me, "Bearer user-a", (header, value));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? ["Bearer user-a"] : [], scene.CalCom.Asked);
    }

    [Fact]
    public async Task A_key_of_the_gateways_is_never_sent_to_Cal_com()
    {
        await using var scene = await TokenScene.OpenAsync(WithKeys);

        using var alone = await scene.GetAsync(TokenScene.Me, "Bearer " + Key);
        using var twice = await scene.GetAsync(TokenScene.Me, "Bearer " + Key, ("X-Api-Key", Key));

        Assert.Equal((401, 401), ((int)alone.StatusCode, (int)twice.StatusCode));
        Assert.Contains("X-Api-Key or CalGateway-Token", (string?)(await twice.ReadProblemAsync())["remedy"], StringComparison.Ordinal);
        Assert.Empty(scene.CalCom.Asked);
    }

    [Fact]
    public async Task A_token_for_Cal_com_opens_no_other_route()
    {
        // The first of the shipped routes alone sends tokens on.
        var settings = GatewayFixture.ShippedSettings
            .ReplaceFirst("{ \"CalApiVersion\"", "{ \"CalCredential\": \"Caller\" }, { \"CalApiVersion\"")
            .Replace("\"CalGateway\": {", $$"""
                "CalGateway": { "Access": { "Mode": "ApiKey", "Consumers": { "app": { "Keys": [{ "Hash": "{{KeyHash.Of(Key)}}" }] } } },
                """, StringComparison.Ordinal);
        await using var scene = await TokenScene.OpenAsync(settings);

        using var token = await scene.GetAsync(TokenScene.Me, "Bearer user-a");
        using var key = await scene.GetAsync(TokenScene.Me, "Bearer " + Key);
        using var nowhere = await scene.GetAsync("/no-such-path", "Bearer user-a");

        Assert.Equal((401, 200), ((int)token.StatusCode, (int)key.StatusCode));
        Assert.NotEqual(200, (int)nowhere.StatusCode);
        Assert.Equal("Bearer " + TokenScene.GatewaysKey, Assert.Single(scene.CalCom.Asked));
    }
}
