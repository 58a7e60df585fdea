using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>A token that Cal.com refuses is the caller's affair: the caller gets a problem, and operators get no alarm.</summary>
public sealed class RefusedTokenTests
{
    [Theory]
    [InlineData(401, "unauthenticated")]
    [InlineData(403, "forbidden")]
    [InlineData(498, "unauthenticated")]
    public async Task Cal_coms_refusal_of_a_callers_token_is_passed_on_as_a_problem_and_raises_no_alarm(int status, string code)
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());
        scene.CalCom.Refused["user-a"] = status;

        foreach (var path in new[] { TokenScene.Me, TokenScene.List })
        {
            using var answer = await scene.GetAsync(path, "Bearer user-a");
            var problem = await answer.ReadProblemAsync();
            Assert.Equal((status, code), ((int)answer.StatusCode, (string?)problem["code"]));
            Assert.Equal(status, (int)problem["upstream"]!["status"]!);
            Assert.Contains("the caller's own token", (string?)problem["detail"], StringComparison.Ordinal);
        }

        Assert.DoesNotContain(scene.Gateway.Logs.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Empty((await scene.Gateway.StatusAsync())["concerns"]!.AsArray());
    }
}
