using CalGateway.Access.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using static CalGateway.Tests.Explain.RawAnswers;

namespace CalGateway.Tests.Explain;

/// <summary>Who may ask, by which limits, and what is stored for them.</summary>
public sealed class CallerExplanationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_may_ask_is_told_for_strangers_and_for_every_consumer()
    {
        var key = $$"""{ "Hash": "{{KeyHash.Of("cgw_a-key-of-the-desk-0123456789abcdef")}}" }""";
        var settings = GatewayFixture.ShippedSettings.Replace(
            "\"CalGateway\": {",
            $$"""
            "CalGateway": { "Access": { "Mode": "ApiKey", "Consumers": { "desk": { "Keys": [{{key}}] } } },
            """,
            StringComparison.Ordinal);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        var explained = await gateway.AskManagementAsync("/explain?path=/calcom/v2/bookings");
        var closed = await gateway.AskManagementAsync("/explain?method=POST&path=/calcom/v2/api-keys/refresh");

        Assert.Equal(["a stranger", "consumer desk"], explained["access"]!.AsArray().Select(caller => (string?)caller!["caller"]));
        Assert.Equal(["unauthenticated", null], explained["access"]!.AsArray().Select(caller => (string?)caller!["refused"]));
        Assert.Equal(["unauthenticated", "not-exposed"], closed["access"]!.AsArray().Select(caller => (string?)caller!["refused"]));
    }

    [Theory]
    [InlineData("GET", "/calcom/v2/event-types//5", "invalid-request")]
    [InlineData("POST", "/calcom/v2/api-keys/refresh", "not-exposed")]
    [InlineData("HEAD", "/calcom/v2/nothing//here", "invalid-request")]
    public async Task What_is_refused_to_everybody_is_expected_to_be(string method, string path, string code)
    {
        await using var pair = await Pair.StartAsync();
        using var caller = pair.Gateway.CreateClient();

        var explained = await pair.Gateway.AskManagementAsync($"/explain?method={method}&path={path}");
        var raw = await RawConnection.AskAsync(
            caller.BaseAddress!, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal(code, CodeIn(raw));
        Assert.Equal(code, (string?)explained["expected"]);
        Assert.Equal((string?)explained["access"]![0]!["remedy"], (string?)explained["remedy"]);
        Assert.NotNull(explained["remedy"]);
    }

    [Fact]
    public async Task Callers_with_tokens_shares_and_limits_are_told_too()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var keys = System.IO.Path.Combine(folder.FullName, "keys.json");
        await File.WriteAllTextAsync(keys, """{ "keys": [] }""", Cancellation);
        var hash = KeyHash.Of("cgw_a-key-of-the-desk-0123456789abcdef");
        var settings = GatewayFixture.ShippedSettings.Replace(
            "\"CalGateway\": {",
            $$"""
            "CalGateway": { "Access": {
              "Mode": "ApiKey", "MaxBodyBytes": 2048, "RateLimit": { "Requests": 90 },
              "Jwt": { "KeysFile": "{{keys}}", "Issuer": "https://issuer.example", "Audience": "us" },
              "Consumers": { "desk": { "Keys": [{ "Hash": "{{hash}}" }], "RateLimit": { "Requests": 5, "Window": "00:00:10" }, "Operations": ["GET /v2/event-types"] } } },
            """,
            StringComparison.Ordinal).Replace("\"OutputCachePolicy\"", "\"AuthorizationPolicy\": \"Known\", \"OutputCachePolicy\"", StringComparison.Ordinal);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);

        var explained = await gateway.AskManagementAsync("/explain?path=/calcom/v2/event-types");
        var access = explained["access"]!.AsArray();

        Assert.Equal(["a stranger", "consumer desk", "consumer desk, by token", "whoever else has a valid token"], access.Select(caller => (string?)caller!["caller"]));
        Assert.Equal(["unauthenticated", null, null, null], access.Select(caller => (string?)caller!["refused"]));
        Assert.Equal("5 requests in 00:00:10", (string?)access[1]!["share"]);
        Assert.Equal(2048, (long?)explained["limits"]!["bodyBytes"]);
        Assert.Equal("90 requests in 00:01:00", (string?)explained["limits"]!["eachAddress"]);
        Assert.Equal("00:00:30", (string?)explained["limits"]!["answerWithin"]);
        Assert.Equal(["PathRemovePrefix /calcom", "CalApiVersion 2024-06-14"], explained["transforms"]!.AsArray().Select(one => (string?)one));
        Assert.StartsWith("yarp.json:", (string?)explained["pinnedAt"], StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_stored_is_told_with_its_age_and_what_is_left_of_it()
    {
        await using var pair = await Pair.StartAsync();

        var before = await pair.Gateway.AskManagementAsync("/explain?path=/calcom/v2/event-types");
        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        var after = await pair.Gateway.AskManagementAsync("/explain?path=/calcom/v2/event-types");

        Assert.Null(before["cache"]!["stored"]);
        Assert.Equal("Fresh", (string?)after["cache"]!["phase"]);
        Assert.InRange((long)after["cache"]!["ttl"]!, 1, 60);
    }
}
