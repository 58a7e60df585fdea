using System.Globalization;
using System.Text;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Rehearsal;

/// <summary>Lists from which ids are taken for the next reads, and names that are not names of fields.</summary>
public sealed class HostileAnswerTests
{
    private const string List = "GET /v2/schedules HTTP";
    private const string Thing = "{\"id\":7,\"name\":\"x\"}";

    [Theory]
    [InlineData("[{\"id\":\"\\ud800\",\"name\":\"x\"}]")]
    [InlineData("[{\"\\ud800\":1,\"id\":\"\\udc00\"}]")]
    [InlineData("[{\"id\":\"..\",\"name\":\"x\"}]")]
    [InlineData("[{\"id\":{\"id\":[[[[[[[[[]]]]]]]]]},\"name\":\"x\"}]")]
    public async Task What_is_no_id_is_asked_for_nowhere(string list)
    {
        await using var upstream = Answering(_ => list, _ => Thing);
        using var rehearsed = new Rehearsed(upstream.Address);

        var (exit, text, error) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Contains(exit, new[] { 0, 3 });
        Assert.Contains("GET /v2/schedules/{scheduleId}: the account has nothing to ask it for", text, StringComparison.Ordinal);
        Assert.Empty(error);
        Assert.DoesNotContain(upstream.Heads, head => head.StartsWith("GET /v2/schedules/", StringComparison.Ordinal) && !head.StartsWith("GET /v2/schedules/default", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_id_without_end_is_asked_for_nowhere()
    {
        await using var upstream = Answering(_ => $"[{{\"id\":\"{new string('7', 200_000)}\"}}]", _ => Thing);
        using var rehearsed = new Rehearsed(upstream.Address);

        var (_, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Contains("GET /v2/schedules/{scheduleId}: the account has nothing to ask it for", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_list_of_ten_megabytes_the_first_thing_is_asked_for()
    {
        var item = $"{{\"id\":7,\"text\":\"{new string('x', 1000)}\"}}";
        await using var upstream = Answering(_ => $"[{string.Join(',', Enumerable.Repeat(item, 10_000))}]", isOther => isOther ? "{\"id\":7}" : Thing);
        using var rehearsed = new Rehearsed(upstream.Address);

        var (exit, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Equal(1, exit);
        Assert.Contains("GET /v2/schedules/{scheduleId}: 1 difference", text, StringComparison.Ordinal);
        Assert.Contains(upstream.Heads, head => head.StartsWith("GET /v2/schedules/7 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_is_empty_at_the_pin_makes_no_version_safe()
    {
        await using var upstream = Answering(isOther => isOther ? $"[{Thing}]" : "[]", _ => "null");
        using var rehearsed = new Rehearsed(upstream.Address);

        var (exit, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Equal(3, exit);
        Assert.Contains("GET /v2/schedules: its answer at 2024-06-11 holds no data", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cal_live_abcdefghijkl")]
    [InlineData("x-cal_test_sandbox")]
    [InlineData("cgw_abcdefghijkl")]
    public async Task A_key_among_the_names_is_not_told(string key)
    {
        await using var upstream = Answering(_ => $"[{Thing}]", isOther => isOther ? Thing : $"{{\"id\":7,\"name\":\"x\",\"{key}\":1}}");
        using var rehearsed = new Rehearsed(upstream.Address);

        var (_, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Contains("data.{key} (number) is gone", text, StringComparison.Ordinal);
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
    }

    private static ScriptedUpstream Answering(Func<bool, string> list, Func<bool, string> thing) => ScriptedUpstream.Start(async exchange =>
    {
        var isOther = exchange.Head.Contains("2024-04-15", StringComparison.Ordinal);
        var body = $"{{\"status\":\"success\",\"data\":{(exchange.Head.StartsWith(List, StringComparison.Ordinal) ? list(isOther) : thing(isOther))}}}";
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n\r\n{body}");
    });
}
