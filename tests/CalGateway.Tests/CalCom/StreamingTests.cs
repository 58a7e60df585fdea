using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class StreamingTests
{
    [Theory]
    [InlineData("/calcom/v2/me")]
    [InlineData("/calcom/v2/event-types/3928133")] // beside the cache: what is to be stored is given when it is whole
    public async Task The_caller_reads_the_beginning_of_an_answer_while_Cal_com_still_writes_it(string path)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.SlowBody(TimeSpan.FromHours(1), bytesAtATime: 16));

        using var answer = await pair.GetAsync(path);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var beginning = new byte[16];
        await body.ReadExactlyAsync(beginning, TestContext.Current.CancellationToken);
        Assert.Equal("{\"status\":\"succe", System.Text.Encoding.UTF8.GetString(beginning));

        pair.Sandbox.Faults.Clear();
        using var rest = new StreamReader(body);
        Assert.EndsWith("}", await rest.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cal_com_reads_the_beginning_of_a_body_while_the_caller_still_writes_it()
    {
        // HttpClient keeps up to 4 KiB back; what is more travels at once.
        var first = $"10000\r\n{new string('a', 0x10000)}\r\n";
        const string second = "6\r\nsecond\r\n0\r\n\r\n";
        var began = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            began.SetResult(await exchange.ReadAsync(0x8000));
            await exchange.SendAsync("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
            await exchange.HangAsync();
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = await RawConnection.OpenAsync(gateway.Address);

        await caller.SendAsync("POST /calcom/v2/bookings HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + first);
        Assert.Contains("aaaa", await began.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await caller.SendAsync(second);

        Assert.StartsWith("HTTP/1.1 201", await caller.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
