using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis;

/// <summary>A route's <c>Timeout</c> is its caller's deadline.</summary>
public sealed class RouteTimeoutTests
{
    [Theory]
    [InlineData(RouteScene.Pinned, "Cal.com", "pinned")]
    [InlineData(RouteScene.Cached, "Cal.com", "cached")]
    [InlineData(RouteScene.Other, "The cluster \"other\"", "other")]
    public async Task A_caller_waits_no_longer_than_the_Timeout_of_the_route(string path, string upstream, string route)
    {
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Start(exchange => exchange.HangAsync()), RouteScene.Settings("", "\"Timeout\": \"00:00:01\","));

        var reply = await scene.GetAsync(path);

        Assert.Equal(HttpStatusCode.GatewayTimeout, reply.Status);
        var problem = JsonNode.Parse(reply.Body)!;
        Assert.Equal("upstream-timeout", (string?)problem["code"]);
        Assert.Equal($"{upstream} did not answer within the 00:00:01 of ReverseProxy:Routes:{route}:Timeout.", (string?)problem["detail"]);
        Assert.Contains("error=http_response_timeout", reply["Proxy-Status"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RouteScene.Pinned)]
    [InlineData(RouteScene.Cached)]
    [InlineData(RouteScene.Other)]
    public async Task What_comes_in_time_is_passed_on(string path)
    {
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), RouteScene.Settings("", "\"Timeout\": \"00:00:20\","));

        Assert.Equal(RouteScene.Body, (await scene.GetAsync(path)).Text);
    }

    [Fact]
    public async Task The_fill_that_a_caller_gave_up_waiting_for_is_there_for_the_next()
    {
        var begun = new TaskCompletionSource();
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Start(async exchange =>
            {
                await begun.Task.WaitAsync(exchange.Stopping);
                await exchange.SendAsync(RouteScene.Answer("", "200 OK"));
            }),
            RouteScene.Settings("", "\"Timeout\": \"00:00:01\","));
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await scene.GetAsync(RouteScene.Cached)).Status);

        begun.SetResult();

        await Eventually.TrueAsync(async () => (await scene.GetAsync(RouteScene.Cached)).CacheStatus.StartsWith("CalGateway; hit", StringComparison.Ordinal), "the list is stored");
        Assert.Single(scene.Upstream.Heads);
    }

    [Fact]
    public async Task An_answer_that_is_not_complete_by_then_is_cut()
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Start(async exchange =>
            {
                await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nhalf");
                await exchange.HangAsync();
            }),
            RouteScene.Settings("", "\"Timeout\": \"00:00:01\","));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => scene.GetAsync(RouteScene.Other));
    }

    [Fact]
    public async Task An_edit_of_it_is_in_force_without_a_new_start()
    {
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Start(exchange => exchange.HangAsync()), RouteScene.Settings("", "\"Timeout\": \"00:00:01\","));
        var first = JsonNode.Parse((await scene.GetAsync(RouteScene.Pinned)).Body)!;

        scene.Gateway.Edit(text => text.Replace("00:00:01", "00:00:02", StringComparison.Ordinal));

        Assert.Contains("00:00:01", (string?)first["detail"], StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => ((string?)JsonNode.Parse((await scene.GetAsync(RouteScene.Pinned)).Body)!["detail"])!.Contains("00:00:02", StringComparison.Ordinal), "the new Timeout counts");
    }
}
