using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>What opens the gateway ends at it; what is meant for a server behind it arrives there.</summary>
public sealed class CallersCredentialTests
{
    private const string Foreign = "Bearer of-another-service";

    [Theory]
    [InlineData("ApiKey", "X-Api-Key", AccessSettings.Key)]
    [InlineData("ApiKey", "Authorization", "Bearer " + AccessSettings.Key)]
    [InlineData("ApiKey", "authorization", "bearer   " + AccessSettings.Key)]
    [InlineData("ApiKey", "CalGateway-Token", AccessSettings.Key)]
    [InlineData("Loopback", "X-Api-Key", AccessSettings.Key)]
    [InlineData("Loopback", "Authorization", "Bearer " + AccessSettings.Key)]
    [InlineData("Anonymous", "Authorization", "Bearer " + AccessSettings.Key)]
    [InlineData("Anonymous", "CalGateway-Token", "nobodys", false)]
    public async Task What_was_accepted_goes_to_no_cluster(string mode, string header, string value, bool hasConsumers = true)
    {
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var pair = await Pair.StartAsync(settings: Settings(mode, hasConsumers, other.Address));

        using var answer = await pair.GetAsync("/other/x", (header, value), ("X-Mine", "stays"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var head = Assert.Single(other.Heads);
        Assert.DoesNotContain(header + ":", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(value.Split(' ')[^1], head, StringComparison.Ordinal);
        Assert.Contains("X-Mine: stays", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Anonymous", null, null)]
    [InlineData("Loopback", null, null)]
    [InlineData("ApiKey", "X-Api-Key", AccessSettings.Key)]
    [InlineData("ApiKey", "CalGateway-Token", AccessSettings.Key)]
    [InlineData("Loopback", "CalGateway-Token", AccessSettings.Key)]
    public async Task An_Authorization_that_is_meant_for_the_server_behind_arrives_there(string mode, string? header, string? key)
    {
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var pair = await Pair.StartAsync(settings: Settings(mode, key is not null, other.Address));

        using var answer = header is null
            ? await pair.GetAsync("/other/x", ("Authorization", Foreign))
            : await pair.GetAsync("/other/x", ("Authorization", Foreign), (header, key!));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var head = Assert.Single(other.Heads);
        Assert.Contains("Authorization: " + Foreign, head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(AccessSettings.Key, head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_in_a_second_header_ends_here_as_well()
    {
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        await using var pair = await Pair.StartAsync(settings: Settings("ApiKey", true, other.Address));

        using var answer = await pair.GetAsync(
            "/other/x", ("X-Api-Key", AccessSettings.Key), ("Authorization", "Bearer " + AccessSettings.Key), ("CalGateway-Token", AccessSettings.Key));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(AccessSettings.Key, Assert.Single(other.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_operator_sets_for_the_server_behind_stays()
    {
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        var settings = JsonNode.Parse(Settings("ApiKey", true, other.Address))!;
        settings["ReverseProxy"]!["Routes"]!["other"]!["Transforms"] = new JsonArray(new JsonObject { ["RequestHeader"] = "X-Api-Key", ["Set"] = "of-the-operator" });
        await using var pair = await Pair.StartAsync(settings: settings.ToJsonString());

        using var answer = await pair.GetAsync("/other/x", ("X-Api-Key", AccessSettings.Key));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var head = Assert.Single(other.Heads);
        Assert.Contains("X-Api-Key: of-the-operator", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(AccessSettings.Key, head, StringComparison.Ordinal);
    }

    private static string Settings(string mode, bool hasConsumers, Uri other)
    {
        var settings = hasConsumers ? AccessSettings.ApiKey(access: access => access["Mode"] = mode) : AccessSettings.With(new JsonObject { ["Mode"] = mode });
        return OtherCluster.In(settings, other);
    }
}
