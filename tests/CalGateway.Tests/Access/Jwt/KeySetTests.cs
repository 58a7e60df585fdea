using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Jwt;

/// <summary>The file with the issuer's keys: replaced, broken, edited away.</summary>
public sealed class KeySetTests : TokenScene
{
    [Theory]
    [InlineData("in place")]
    [InlineData("in two halves")]
    [InlineData("renamed over")]
    [InlineData("deleted and made again")]
    [InlineData("swapped symlink")]
    public async Task AKey_that_is_taken_out_of_its_file_opens_nothing_any_more(string way)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token(signer: AnothersKey)));

        await SettingsWriter.WriteAsync(KeySetPath, KeySet(AnothersKey), way, async () => Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token())));

        await Eventually.TrueAsync(async () => await AskAsync(gateway, Token()) == HttpStatusCode.Unauthorized, "the old key opens no more", TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(signer: AnothersKey)));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("this is a bug", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"keys\":[{\"kty\":")]
    [InlineData("no key set")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_badKey_set_keeps_the_last_good_one_and_says_so_once(string? content)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());

        if (content is null)
            File.Delete(KeySetPath);
        else
            await File.WriteAllTextAsync(KeySetPath, content, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Refusals().Count() == 1, "the refusal is logged");

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        await File.WriteAllTextAsync(KeySetPath, KeySet(AnothersKey), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(signer: AnothersKey)) == HttpStatusCode.OK, "a good key set is taken again");
        Assert.Single(Refusals());

        IEnumerable<LogLine> Refusals() => gateway.Logs.Lines.Where(line => line.Text.Contains("was not replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_half_of_aKey_set_that_is_being_written_is_not_called_bad()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());

        for (int round = 0, late = 0; round < 4;)
        {
            await AskForAsync(round * 150); // of these pauses some last until shortly before the next look at the file
            var next = (round + late) % 2 == 0 ? AnothersKey : Key;
            var refused = Refusals();
            var begun = TimeProvider.System.GetTimestamp();
            await File.WriteAllTextAsync(KeySetPath, KeySet(next)[..50], TestContext.Current.CancellationToken);
            await AskForAsync(200); // a slow writer
            await File.AppendAllTextAsync(KeySetPath, KeySet(next)[50..], TestContext.Current.CancellationToken);
            var writing = TimeProvider.System.GetElapsedTime(begun);
            await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(next)) == HttpStatusCode.OK, "the new key set is in use");

            // A busy machine may have made the writer slower than any that the gateway waits for; such a round proves nothing.
            if (writing < TimeSpan.FromMilliseconds(400))
            {
                Assert.Equal(refused, Refusals());
                round++;
            }
            else
            {
                Assert.True(late++ < 10, "The writer was late in ten rounds.");
            }
        }

        int Refusals() => gateway.Logs.Lines.Count(line => line.Text.Contains("was not replaced", StringComparison.Ordinal));

        async Task AskForAsync(int milliseconds)
        {
            for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since).TotalMilliseconds < milliseconds;)
                await AskAsync(gateway, Token());
        }
    }

    [Fact]
    public async Task AKey_set_that_no_setting_names_any_more_may_be_deleted()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        var former = await RevisionAsync(gateway);
        var moved = KeySetPath + ".moved";
        File.Copy(KeySetPath, moved);
        gateway.Edit(text => text.Replace(KeySetPath, moved, StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await RevisionAsync(gateway) != former, "the edit is in force");

        File.Delete(KeySetPath);

        foreach (var signer in new[] { AnothersKey, Key }) // each takes the watcher longer than it would take to miss the other file
        {
            await File.WriteAllTextAsync(moved, KeySet(signer), TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(async () => await AskAsync(gateway, Token(signer)) == HttpStatusCode.OK, "the key set of the new path is in use");
        }

        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("was not replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edit_elsewhere_takes_a_replacedKey_set_along()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token()));
        var former = await RevisionAsync(gateway);

        await File.WriteAllTextAsync(KeySetPath, KeySet(AnothersKey), TestContext.Current.CancellationToken);
        gateway.Edit(text => text.Replace("\"00:05:00\"", "\"00:04:00\"", StringComparison.Ordinal).Replace("\"Mode\":\"Jwt\"", "\"MaxBodyBytes\":2048,\"Mode\":\"Jwt\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await RevisionAsync(gateway) != former, "the edit is in force");

        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, Token(signer: AnothersKey)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(gateway, Token()));
    }

    private static async Task<string> RevisionAsync(GatewayFixture gateway)
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("CalGateway-Revision").Single();
    }
}
