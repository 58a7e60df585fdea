using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.Keys;

/// <summary>What proves to the gateway who calls does not reach the operator's other servers, which could call the gateway with it.</summary>
public sealed class KeysEndHereTests : IDisposable
{
    private const string Key = AccessSettings.Key;
    private const string OtherKey = AccessSettings.OtherKey;

    private readonly TestIssuer _issuer = new();

    /// <summary>What is sent, and what of it arrives. JWT and JWT2 stand for two tokens that are made out to the gateway.</summary>
    public static TheoryData<string, string> Sent => new()
    {
        { $"X-Api-Key: {Key}", "" },
        { $"x-api-key: {Key}", "" },
        { $"Authorization: Bearer {Key}", "" },
        { $"authorization: bearer  {Key}", "" },
        { $"CalGateway-Token: {Key}", "" },
        { $"CalGateway-Token: Bearer {Key}", "" },
        { "Authorization: Bearer JWT", "" },
        { "CalGateway-Token: JWT", "" },
        { $"X-Api-Key: {Key}\r\nAuthorization: Bearer {Key}\r\nCalGateway-Token: {Key}", "" },
        { $"X-Api-Key: {Key}\r\nAuthorization: Bearer {OtherKey}", "" },
        { $"X-Api-Key: {Key}\r\nAuthorization: Bearer JWT", "" },
        { "CalGateway-Token: JWT\r\nAuthorization: Bearer JWT", "" },
        { "CalGateway-Token: JWT\r\nAuthorization: Bearer JWT2", "" },
        { $"CalGateway-Token: JWT\r\nAuthorization: Bearer {Key}", "" },

        // What the gateway does not know is meant for that server.
        { $"X-Api-Key: {Key}\r\nAuthorization: Bearer theirs", "Authorization: Bearer theirs" },
        { $"X-Api-Key: {Key}\r\nAuthorization: Basic dXNlcjpwYXNz", "Authorization: Basic dXNlcjpwYXNz" },
        { "CalGateway-Token: JWT\r\nAuthorization: Bearer a.b.c", "Authorization: Bearer a.b.c" },
    };

    [Theory]
    [MemberData(nameof(Sent), DisableDiscoveryEnumeration = true)]
    public async Task What_the_gateway_accepts_ends_at_the_gateway(string sent, string arrives)
    {
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings(other.Address));
        var (token, another) = (_issuer.TokenOf("website"), _issuer.TokenOf("another"));
        var headers = sent.Replace("JWT2", another, StringComparison.Ordinal).Replace("JWT", token, StringComparison.Ordinal);

        var answer = await RawConnection.AskAsync(gateway.Address, $"GET /other/x HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        var arrived = Assert.Single(other.Heads);
        Assert.DoesNotContain("cgw_", arrived, StringComparison.Ordinal);
        Assert.DoesNotContain(token, arrived, StringComparison.Ordinal);
        Assert.DoesNotContain(another, arrived, StringComparison.Ordinal);
        Assert.DoesNotContain("CalGateway-Token", arrived, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(arrives, string.Join(", ", arrived.Split("\r\n").Where(line => line.StartsWith("Authorization:", StringComparison.OrdinalIgnoreCase))));
    }

    public void Dispose() => _issuer.Dispose();

    private string Settings(Uri other)
    {
        var settings = JsonNode.Parse(OtherCluster.In(
            AccessSettings.ApiKey(access: access =>
            {
                access["Jwt"] = _issuer.Section;
                access["Consumers"]!["another"] = AccessSettings.Consumer(OtherKey);
            }),
            other))!;
        settings["ReverseProxy"]!["Routes"]!["other"]!["AuthorizationPolicy"] = "Known";
        return settings.ToJsonString();
    }
}
