using System.Net;
using CalGateway.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>What is stored for a token is served to that token alone, and no longer than Cal.com accepts it.</summary>
public sealed class StoredAnswersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_users_interleaved_under_load_never_get_each_others_list_though_tokens_are_refused_and_rotated_between()
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());
        string[] tokens = ["user-a-1", "user-b-1", "user-a-2", "user-b-2"];

        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (turn, cancellation) =>
        {
            var token = tokens[turn % tokens.Length];
            if (turn % 50 == 25)
                scene.CalCom.Refused[tokens[turn / 50 % tokens.Length]] = 401;
            if (turn % 50 == 40)
                scene.CalCom.Refused.Clear();

            using var answer = await scene.GetAsync(turn % 7 == 0 ? TokenScene.Me : TokenScene.List, "Bearer " + token);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized, text);
            Assert.All(tokens.Where(other => other != token), other => Assert.DoesNotContain(ManyUsers.TitleOf(other), text, StringComparison.Ordinal));
            if (answer.StatusCode == HttpStatusCode.OK)
                Assert.Contains(ManyUsers.TitleOf(token), text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(401)]
    [InlineData(498)]
    public async Task What_is_stored_for_a_token_is_dropped_when_Cal_com_refuses_it_and_nobody_elses_is(int status)
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());
        foreach (var token in new[] { "user-a", "user-b" })
        {
            using var stored = await scene.GetAsync(TokenScene.List, "Bearer " + token);
            using var hit = await scene.GetAsync(TokenScene.List, "Bearer " + token);
            Assert.StartsWith("CalGateway; hit", Assert.Single(hit.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
        }

        scene.CalCom.Refused["user-a"] = status;
        using var refused = await scene.GetAsync(TokenScene.Me, "Bearer user-a"); // another route, which has no cache
        using var list = await scene.GetAsync(TokenScene.List, "Bearer user-a");
        using var others = await scene.GetAsync(TokenScene.List, "Bearer user-b");

        Assert.Equal((status, status), ((int)refused.StatusCode, (int)list.StatusCode));
        Assert.StartsWith("CalGateway; hit", Assert.Single(others.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_was_under_way_when_Cal_com_refused_its_token_is_not_stored()
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings());
        var release = new TaskCompletionSource();
        scene.CalCom.Held["user-a"] = release.Task;
        var underWay = scene.GetAsync(TokenScene.List, "Bearer user-a");
        await Eventually.TrueAsync(() => scene.CalCom.Asked.Count == 1, "the list is asked for");

        scene.CalCom.Refused["user-a"] = 401;
        using var refused = await scene.GetAsync(TokenScene.Me, "Bearer user-a");
        release.SetResult();
        using var list = await underWay;
        using var next = await scene.GetAsync(TokenScene.List, "Bearer user-a");

        Assert.Equal((401, 200, 401), ((int)refused.StatusCode, (int)list.StatusCode, (int)next.StatusCode));
    }

    [Fact]
    public async Task A_token_and_a_version_of_the_callers_own_have_a_list_of_their_own_until_the_token_is_refused()
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings().ReplaceFirst("\"CalApiVersion\": \"2024-06-14\"", "\"CalApiVersion\": \"2024-06-14\", \"Caller\": \"Known\""));
        string[] versions = ["2024-06-14", "2024-06-11"];

        for (var turn = 0; turn < 3; turn++)
        {
            foreach (var (token, version) in new[] { "user-a", "user-b" }.SelectMany(token => versions.Select(version => (token, version))))
            {
                using var answer = await scene.GetAsync(TokenScene.List, "Bearer " + token, ("cal-api-version", version));
                Assert.Contains(ManyUsers.TitleOf(token), await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
                if (turn == 0)
                    Assert.Equal(version, answer.Headers.GetValues("CalGateway-Api-Version").Single());
                Assert.StartsWith(turn == 0 ? "CalGateway; fwd=uri-miss" : "CalGateway; hit", Assert.Single(answer.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
            }
        }

        scene.CalCom.Refused["user-a"] = 401;
        using var refused = await scene.GetAsync(TokenScene.Me, "Bearer user-a");
        foreach (var version in versions)
        {
            using var theirs = await scene.GetAsync(TokenScene.List, "Bearer user-a", ("cal-api-version", version));
            using var others = await scene.GetAsync(TokenScene.List, "Bearer user-b", ("cal-api-version", version));
            Assert.Equal(401, (int)theirs.StatusCode);
            Assert.StartsWith("CalGateway; hit", Assert.Single(others.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rotation_of_the_gateways_own_key_neither_reaches_Cal_com_nor_brings_back_what_a_refused_token_had()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var file = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(file, "cal_test_first", Cancellation);
        await using (var calCom = await ManyUsers.StartAsync())
        await using (var scene = new TokenScene(calCom, await GatewayFixture.StartAsync(
            calCom.Address, settings: TokenScene.Settings(), environment: new Dictionary<string, string?> { ["CALCOM_API_KEY"] = null, ["CALCOM_API_KEY_FILE"] = file })))
        {
            await ExpectAsync(scene, 200);
            await RotateAsync(scene, file, "cal_test_second");
            await ExpectAsync(scene, 200);
            calCom.Refused["user-a"] = 401;
            using (var refused = await scene.GetAsync(TokenScene.Me, "Bearer user-a"))
                Assert.Equal(401, (int)refused.StatusCode);

            await RotateAsync(scene, file, "cal_test_first");
            await ExpectAsync(scene, 401);
            Assert.All(calCom.Asked, sent => Assert.Equal("Bearer user-a", sent));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task However_many_tokens_come_what_is_stored_is_bounded_and_a_users_list_is_still_there()
    {
        await using var scene = await TokenScene.OpenAsync(TokenScene.Settings().Replace("\"Cache\": {", "\"Cache\": { \"MaxEntries\": 200,", StringComparison.Ordinal));
        using var mine = await scene.GetAsync(TokenScene.List, "Bearer mine");

        await Parallel.ForAsync(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (turn, _) =>
        {
            using var answer = await scene.GetAsync(TokenScene.List, $"Bearer user-{turn}");
            Assert.Equal(200, (int)answer.StatusCode);
            if (turn % 20 == 0)
                (await scene.GetAsync(TokenScene.List, "Bearer mine")).Dispose();
        });

        var report = scene.Gateway.Services.GetRequiredService<AnswerCache>().Report();
        Assert.InRange(report.Entries, 1, 200);
        using var still = await scene.GetAsync(TokenScene.List, "Bearer mine");
        Assert.StartsWith("CalGateway; hit", Assert.Single(still.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(TokenScene scene, int status)
    {
        using var list = await scene.GetAsync(TokenScene.List, "Bearer user-a");
        Assert.Equal(status, (int)list.StatusCode);
    }

    private static async Task RotateAsync(TokenScene scene, string file, string key)
    {
        int Taken() => scene.Gateway.Logs.Lines.Count(line => line.Text.StartsWith("The credential in", StringComparison.Ordinal));
        var before = Taken();
        await File.WriteAllTextAsync(file, key, Cancellation);
        await Eventually.TrueAsync(() => Taken() > before, "the key is in use");
    }
}
