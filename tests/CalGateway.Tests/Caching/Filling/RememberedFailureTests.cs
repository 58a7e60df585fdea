using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Filling;

/// <summary>What ends the memory of a failed request for a list, besides time.</summary>
public sealed class RememberedFailureTests
{
    private const string One = CacheScene.List + "/3928133";
    private const string Remembered = "CalGateway; detail=remembered";
    private const string Refusal = """{"status":"error","error":{"code":"BadRequestException","message":"No."}}""";
    private const string NotThere = """{"status":"error","error":{"code":"NotFoundException","message":"NotFoundException - User not found"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("by an operator", 400)]
    [InlineData("by an operator", 404)]
    [InlineData("by a write", 400)]
    [InlineData("by a write", 404)]
    [InlineData("by a write whose outcome nobody knows", 400)]
    public async Task An_eviction_ends_it(string how, int status)
    {
        await using var scene = await CacheScene.OpenAsync(); // the clock stands still: time does not end it
        scene.Sandbox.Faults.Add(Fault.Status(status, body: status == 404 ? NotThere : Refusal).For("GET", null));
        await scene.GetAsync();
        Assert.Equal(Remembered, (await scene.GetAsync()).CacheStatus);
        scene.Sandbox.Faults.Clear();
        Assert.Equal(Remembered, (await scene.GetAsync()).CacheStatus);

        await EvictAsync(scene, how);

        Assert.Equal((HttpStatusCode.OK, "CalGateway; fwd=uri-miss; stored"), Told(await scene.GetAsync()));
    }

    [Fact]
    public async Task A_list_that_was_too_large_is_tried_again_after_an_eviction()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.HugeBody(5_000_000).For("GET", null));
        Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync()).CacheStatus);
        scene.Sandbox.Faults.Clear();
        Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync()).CacheStatus);

        await EvictAsync(scene, "by an operator");

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
    }

    [Theory]
    [InlineData("slots")]
    [InlineData("event-types-app")]
    public async Task An_eviction_of_another_tag_does_not(string tag)
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(400, body: Refusal).For("GET", null));
        await scene.GetAsync();

        await EvictAsync(scene, "by an operator", tag);

        Assert.Equal(Remembered, (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task A_request_that_fails_after_an_eviction_came_is_not_remembered()
    {
        var refuse = new TaskCompletionSource();
        var asked = 0;
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            var isFirst = Interlocked.Increment(ref asked) == 1;
            if (isFirst)
                await refuse.Task.WaitAsync(exchange.Stopping);
            var (status, body) = isFirst ? ("400 Bad Request", Refusal) : ("200 OK", """{"status":"success","data":[{}]}""");
            await exchange.SendAsync($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        });
        await using var gateway = await GatewayFixture.StartAsync(
            upstream.Address, environment: new Dictionary<string, string?> { ["CalGateway__Cache__FailureMemory"] = "00:01:00" });
        using var caller = gateway.CreateClient();
        var early = caller.GetAsync(CacheScene.List, Cancellation);
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 1, "Cal.com was asked");

        await EvictAsync(gateway, "event-types");
        refuse.SetResult();
        using var refused = await early;
        using var later = await caller.GetAsync(CacheScene.List, Cancellation);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, later.StatusCode));
    }

    private static (HttpStatusCode Status, string CacheStatus) Told(Reply reply) => (reply.Status, reply.CacheStatus);

    private static async Task EvictAsync(CacheScene scene, string how, string tag = "event-types")
    {
        switch (how)
        {
            case "by an operator":
                await EvictAsync(scene.Gateway, tag);
                break;
            case "by a write":
                Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(HttpMethod.Patch, One, """{"title":"Renamed"}""")).Status);
                break;
            default:
                scene.Sandbox.Faults.Add(Fault.Status(504, times: 1).For("PATCH", null));
                await scene.WriteAsync(HttpMethod.Patch, One, """{"title":"Renamed"}""");
                break;
        }
    }

    private static async Task EvictAsync(GatewayFixture gateway, string tag)
    {
        using var operators = new HttpClient { BaseAddress = gateway.ManagementAddress };
        using var evicted = await operators.PostAsync($"/cache/evict?tag={tag}", null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, evicted.StatusCode);
    }
}
