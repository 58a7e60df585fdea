using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>What Cal.com is sent on a route with <c>{ "CalCredential": "Caller" }</c>: the caller's own token, and nothing without one.</summary>
public sealed class SentTokenTests
{
    [Fact]
    public async Task A_callers_token_goes_to_Cal_com_and_nothing_of_the_gateways_does()
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());

        using var answer = await scene.GetAsync(TokenScene.Me, "Bearer users-own.token_1", ("X-Api-Key", "whatever"), ("CalGateway-Token", "whatever"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Bearer users-own.token_1", Assert.Single(scene.CalCom.Asked));
        Assert.Equal(["2024-08-13"], answer.Headers.GetValues("CalGateway-Api-Version"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization:")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer   ")]
    [InlineData("Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("Authorization: users-token")]
    [InlineData("Authorization: Bearer a b")]
    [InlineData("Authorization: Bearer a,b")]
    [InlineData("Authorization: Bearer a\u00c3\u00a9b")]
    [InlineData("Authorization: Bearer \"a\"")]
    [InlineData("Authorization: Bearer a\r\nAuthorization: Bearer b")]
    [InlineData("Authorization: Bearer a\r\nauthorization: Bearer a")]
    [InlineData("Authorization: Bearer cgw_0123456789abcdef")]
    [InlineData("Authorization: Bearer {16 KB}")]
    public async Task Without_one_token_it_is_401_and_nothing_is_sent(string header)
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());
        header = header.Replace("{16 KB}", new string('x', 16 * 1024), StringComparison.Ordinal);

        foreach (var path in new[] { TokenScene.List, TokenScene.Me })
        {
            var raw = await RawConnection.AskAsync(
                scene.Gateway.Address, $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{(header.Length > 0 ? header + "\r\n" : "")}Connection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 401", raw, StringComparison.Ordinal);
            Assert.Contains("\"unauthenticated\"", raw, StringComparison.Ordinal);
            Assert.Contains("WWW-Authenticate: Bearer", raw, StringComparison.Ordinal);
        }

        Assert.Empty(scene.CalCom.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{ "Mode": "Anonymous", "RateLimit": { "Requests": 1000 } }""")]
    public async Task What_hands_out_or_ends_credentials_stays_shut_unless_it_is_allowed(string access)
    {
        await using (var shut = await TokenScene.OpenAsync(TokenScene.Settings(access)))
        {
            using var refused = await shut.SendAsync("POST", "/calcom/v2/api-keys/refresh", "Bearer user-a");
            Assert.Equal((403, "not-exposed"), ((int)refused.StatusCode, (string?)(await refused.ReadProblemAsync())["code"]));
            Assert.Empty(shut.CalCom.Asked);

            // What is the caller's own anyway is not shut, for strangers either.
            using var bookings = await shut.GetAsync("/calcom/v2/bookings", "Bearer user-a");
            Assert.Equal(200, (int)bookings.StatusCode);
        }

        var allowed = access.Length == 0 ? """{ "Allow": ["POST /v2/api-keys/refresh"] }""" : access.Replace("{ \"Mode\"", """{ "Allow": ["POST /v2/api-keys/refresh"], "Mode" """, StringComparison.Ordinal);
        await using var open = await TokenScene.OpenAsync(TokenScene.Settings(allowed));
        using var answer = await open.SendAsync("POST", "/calcom/v2/api-keys/refresh", "Bearer user-a");
        Assert.Equal(200, (int)answer.StatusCode);
    }
}
