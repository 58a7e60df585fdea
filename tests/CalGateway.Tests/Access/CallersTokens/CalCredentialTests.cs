using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary><c>{ "CalCredential": "Caller" }</c> in the settings, and what operators are told about it.</summary>
public sealed class CalCredentialTests
{
    [Theory]
    [InlineData("caller")]
    [InlineData("CALLER")]
    public async Task The_word_is_taken_in_any_case(string word)
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings().Replace("{ \"CalCredential\": \"Caller\" }", $"{{ \"calCredential\": \"{word}\" }}", StringComparison.Ordinal));

        using var answer = await scene.GetAsync(TokenScene.Me, "Bearer user-a");
        using var nobody = await scene.GetAsync(TokenScene.Me, "");

        Assert.Equal((200, 401), ((int)answer.StatusCode, (int)nobody.StatusCode));
        Assert.Equal(["Bearer user-a"], scene.CalCom.Asked);
    }

    [Theory]
    [InlineData("\"ClusterId\": \"calcom\",", "\"ClusterId\": \"other\",", "only ever sent to the cluster")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"CalCredential\": \"Caller\" }", "more than once")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Gateway\" }", "CalCredential")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"CalApiKeyQuery\": \"apiKey\" }", "CalApiKeyQuery")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"RequestHeader\": \"authorization\", \"Set\": \"Basic x\" }", "Authorization")]
    [InlineData("{ \"CalCredential\": \"Caller\" }", "{ \"CalCredential\": \"Caller\" }, { \"RequestHeaderRemove\": \"Authorization\" }", "Authorization")]
    public void What_contradicts_it_is_refused(string from, string to, string why)
    {
        var settings = TokenScene.Settings().ReplaceFirst(from, to).Replace("\"Clusters\": {", "\"Clusters\": { \"other\": { \"Destinations\": { \"a\": { \"Address\": \"https://example.com\" } } },", StringComparison.Ordinal);

        var attempt = TestRevision.From(settings);

        Assert.Null(attempt.Revision);
        Assert.Contains(attempt.Errors, finding => finding.Message.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Explain_and_status_say_whose_credential_a_route_sends()
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());

        var explained = await scene.Gateway.AskManagementAsync("/explain?path=" + TokenScene.List);
        var routes = (await scene.Gateway.StatusAsync())["routes"]!.AsArray();

        Assert.Equal("caller", (string?)explained["credential"]);
        Assert.Contains("Authorization: the caller's own token", explained["sends"]!.AsArray().Select(header => (string?)header));
        Assert.Contains("without one it is 401", explained["notes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("caller", (string?)routes.Single(route => (string?)route!["route"] == "event-types")!["credential"]);
        Assert.Equal("gateway", (string?)routes.Single(route => (string?)route!["route"] == "v1")!["credential"]);
        Assert.Empty(scene.CalCom.Asked);
    }
}
