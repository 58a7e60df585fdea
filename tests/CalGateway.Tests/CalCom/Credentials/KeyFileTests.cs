using CalGateway.Sandbox;
using CalGateway.Tests.Management;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.CalCom.Credentials;

public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-key-");

    private string KeyFile => Path.Combine(_folder.FullName, "key");

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task The_line_break_that_editors_leave_at_the_end_is_no_part_of_the_key(string ending)
    {
        await using var pair = await StartAsync("cal_test_from_a_file" + ending);

        Assert.Equal("Bearer cal_test_from_a_file", await AskAsync(pair));
    }

    [Fact]
    public async Task A_rotated_key_is_in_use_within_two_seconds()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var pair = await StartAsync("cal_test_first\n", clock);
        Assert.Equal("Bearer cal_test_first", await AskAsync(pair));

        await File.WriteAllTextAsync(KeyFile + ".new", "cal_test_second\n", TestContext.Current.CancellationToken);
        File.Move(KeyFile + ".new", KeyFile, overwrite: true);

        Assert.Equal("Bearer cal_test_first", await AskAsync(pair));
        var steps = 20;
        await Eventually.TrueAsync(async () =>
        {
            if (steps-- > 0)
                clock.Advance(TimeSpan.FromSeconds(2) / 20);
            return await AskAsync(pair) == "Bearer cal_test_second";
        }, "the new key signs");
    }

    [Theory]
    [InlineData("cal_test_bad\r\nX-Smuggled: 1", "line break")]
    [InlineData("", "is empty")]
    [InlineData(null, "cannot be read")]
    public async Task A_bad_edit_of_the_key_file_keeps_the_key_and_says_so_once_without_it(string? content, string reason)
    {
        await using var pair = await StartAsync("cal_test_first\n");

        if (content is null)
            File.Delete(KeyFile);
        else
            await File.WriteAllTextAsync(KeyFile, content, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Refusals(pair).Any(line => line.Text.Contains(reason, StringComparison.Ordinal)), "the refusal is logged");

        Assert.Equal("Bearer cal_test_first", await AskAsync(pair));
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Text.Contains("cal_test_", StringComparison.Ordinal));

        await File.WriteAllTextAsync(KeyFile, "cal_test_second", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => await AskAsync(pair) == "Bearer cal_test_second", "a good key is taken again");
        Assert.Single(Refusals(pair), line => line.Text.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_file_that_is_bad_once_more_is_refused_once_more()
    {
        await using var pair = await StartAsync("cal_test_first\n");
        for (var time = 1; time <= 2; time++)
        {
            await File.WriteAllTextAsync(KeyFile, "", TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => Refusals(pair).Count() == time, "the refusal is logged");
            await File.WriteAllTextAsync(KeyFile, "cal_test_first\n", TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => pair.Gateway.Logs.Lines.Count(line => line.Text.Contains("is in use", StringComparison.Ordinal)) == time, "the return is logged");
        }
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_the_key_file_does_not_hold_up_the_next_key()
    {
        await using var pair = await StartAsync("cal_test_first\n");

        File.Delete(KeyFile);
        await NamedPipe.MakeAsync(KeyFile);
        await Eventually.TrueAsync(() => Refusals(pair).Any(line => line.Text.Contains("no ordinary file", StringComparison.Ordinal)), "the refusal is logged");
        File.Delete(KeyFile);
        await File.WriteAllTextAsync(KeyFile, "cal_test_second", TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => await AskAsync(pair) == "Bearer cal_test_second", "a good key is taken again");
    }

    [Theory]
    [InlineData("cal_test_second", 9)]
    [InlineData("cal_test_second\n", 1)]
    [InlineData("cal_test_second", 0)]
    public async Task A_key_that_is_written_in_two_halves_is_sent_whole_or_not_at_all(string content, int firstHalf)
    {
        await using var pair = await StartAsync("cal_test_first\n");

        for (int round = 0, late = 0; round < 4;)
        {
            await AskForAsync(round * 150); // the last change was found by a look just now; of these pauses some last until shortly before the next look
            pair.Sandbox.Requests.Clear();
            var refused = NotReplaced();
            var begun = TimeProvider.System.GetTimestamp();
            await File.WriteAllTextAsync(KeyFile, content[..firstHalf], TestContext.Current.CancellationToken);
            await AskForAsync(200); // a slow writer
            await File.AppendAllTextAsync(KeyFile, content[firstHalf..], TestContext.Current.CancellationToken);
            var writing = TimeProvider.System.GetElapsedTime(begun);
            await Eventually.TrueAsync(async () => await AskAsync(pair) == "Bearer cal_test_second", "the new key signs", TimeSpan.FromSeconds(3));

            // A busy machine may have made the writer slower than any that the gateway waits for; such a round proves nothing.
            if (writing < TimeSpan.FromMilliseconds(400))
            {
                var sent = pair.Sandbox.Requests.All.Select(asked => asked.Header("authorization").Single()).Distinct().Order();
                Assert.Equal(["Bearer cal_test_first", "Bearer cal_test_second"], sent);
                Assert.Equal(refused, NotReplaced());
                round++;
            }
            else
            {
                Assert.True(late++ < 10, "The writer was late in ten rounds.");
            }

            await File.WriteAllTextAsync(KeyFile, "cal_test_first", TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(async () => await AskAsync(pair) == "Bearer cal_test_first", "the former key signs again");
        }

        int NotReplaced() => Refusals(pair).Count(line => line.Text.Contains("not replaced", StringComparison.Ordinal));

        async Task AskForAsync(int milliseconds)
        {
            for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since).TotalMilliseconds < milliseconds;)
                await AskAsync(pair);
        }
    }

    [Fact]
    public async Task The_quota_of_a_key_that_was_replaced_is_forgotten_with_it()
    {
        await using var pair = await StartAsync("cal_test_sandbox");
        pair.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(40), times: 1));
        await AskAsync(pair);
        await pair.Gateway.ConcernsWhenAsync("quota-exhausted");

        await File.WriteAllTextAsync(KeyFile, "cal_test_second", TestContext.Current.CancellationToken);

        var status = await pair.Gateway.StatusWhenAsync(status => status["upstream"]!["quotaLeft"] is null, "nothing is known of the new key's quota");
        Assert.Empty(status["concerns"]!.AsArray());
        Assert.Null(status["upstream"]!["quotaResetsAt"]);

        await AskAsync(pair);
        await pair.Gateway.StatusWhenAsync(status => (int?)status["upstream"]!["quotaLeft"] > 0, "the new key's own quota is told");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<Pair> StartAsync(string key, TimeProvider? clock = null)
    {
        await File.WriteAllTextAsync(KeyFile, key, TestContext.Current.CancellationToken);
        return await Pair.StartAsync(
            environment: new Dictionary<string, string?> { ["CALCOM_API_KEY"] = null, ["CALCOM_API_KEY_FILE"] = KeyFile },
            adjust: builder => builder.Services.AddSingleton(clock ?? TimeProvider.System));
    }

    private static async Task<string> AskAsync(Pair pair)
    {
        using var answer = await pair.GetAsync("/calcom/v2/me");
        return pair.Sandbox.Requests.All[^1].Header("authorization").Single();
    }

    private static IEnumerable<LogLine> Refusals(Pair pair) => pair.Gateway.Logs.Lines.Where(line => line.Level == LogLevel.Error);
}
