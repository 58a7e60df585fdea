using System.Net;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Tests.CalCom;

/// <summary>Trailers, to callers who speak HTTP/2; of Cal.com's none is passed on unless the file says so, and none that quotes the key.</summary>
public sealed class TrailerTests
{
    private const string Answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTrailer: X-Sum, X-Other, X-Quoted, Set-Cookie\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n" +
        "X-Sum: 1\r\nX-Other: 2\r\nX-Quoted: Bearer cal_test_the_gateways_own\r\nSet-Cookie: a=b\r\n\r\n";

    [Theory]
    [InlineData("", "")]
    [InlineData("""{ "ResponseTrailersCopy": "true" }""", "X-Other: 2, X-Sum: 1")]
    [InlineData("""{ "ResponseTrailersCopy": "false" }""", "")]
    [InlineData("""{ "ResponseTrailersAllowed": "X-Sum" }""", "X-Sum: 1")]
    [InlineData("""{ "ResponseTrailer": "X-Ours", "Set": "3" }""", "X-Ours: 3")]
    [InlineData("""{ "ResponseTrailersCopy": "true" }, { "ResponseTrailer": "X-Sum", "Append": "3", "When": "Always" }""", "X-Other: 2, X-Sum: 1|3")]
    [InlineData("""{ "ResponseTrailersCopy": "true" }, { "ResponseTrailerRemove": "X-Sum" }""", "X-Other: 2")]
    [InlineData("""{ "ResponseTrailer": "X-Ours", "Set": "3", "When": "Failure" }""", "")]
    public async Task Trailers_are_those_that_the_file_says(string transforms, string expected)
    {
        var settings = RouteScene.Settings(transforms);
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("cached");
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("other");
        settings["ReverseProxy"]!["Clusters"]!.AsObject().Remove("other");
        await using var upstream = ScriptedUpstream.Saying(Answer);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, settings: settings.ToJsonString(), adjust: builder =>
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        using var caller = gateway.CreateClient();

        using var request = new HttpRequestMessage(HttpMethod.Get, RouteScene.Pinned) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(expected, string.Join(", ", answer.TrailingHeaders.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join('|', header.Value)}")),
            ignoreCase: true); // HTTP/2 writes names small
    }
}
