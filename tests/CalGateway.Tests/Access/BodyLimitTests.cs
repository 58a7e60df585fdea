using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Tests.Access;

/// <summary>The tighter of <c>Access:MaxBodyBytes</c> and the route's <c>MaxRequestBodySize</c> alone decides, however the body is framed.</summary>
public sealed class BodyLimitTests
{
    private const int MiB = 1024 * 1024;
    private const string OfAccess = "CalGateway:Access:MaxBodyBytes";
    private const string OfRoute = "ReverseProxy:Routes:rest:MaxRequestBodySize";

    public enum Framing
    {
        Length,
        Chunks,
        Http2,
        Http2CalledGrpc,
    }

    public static TheoryData<Framing, int?, long?, int, string> TooLarge
    {
        get
        {
            var cases = new TheoryData<Framing, int?, long?, int, string>();
            foreach (var framing in Enum.GetValues<Framing>())
            {
                cases.Add(framing, null, null, MiB, OfAccess);
                cases.Add(framing, 2 * MiB, 50_000_000, 2 * MiB, OfAccess);
                cases.Add(framing, 2 * MiB, 100_000, 100_000, OfRoute);
                cases.Add(framing, null, -1, MiB, OfAccess);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task What_is_larger_is_refused_and_the_setting_named(Framing framing, int? access, long? route, int limit, string setting)
    {
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.HangAsync());
        await using var gateway = await StartAsync(upstream, access, route, isHttp2: framing is Framing.Http2 or Framing.Http2CalledGrpc);
        using var caller = gateway.CreateClient();

        using var request = Request(framing, limit + 1);
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var problem = await answer.ReadProblemAsync();
        Assert.Equal($"The request body is larger than the {limit.ToString(CultureInfo.InvariantCulture)} bytes of {setting}.", (string?)problem["detail"]);
    }

    /// <summary>Raising the looser of the two would help nobody.</summary>
    [Theory]
    [InlineData("POST", "/calcom/v2/me")]
    [InlineData("POST", "/calcom/v2/event-types")]
    [InlineData("POST", "/other/x")]
    public async Task What_is_larger_than_both_settings_has_the_tighter_one_named(string method, string path)
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Start(exchange => exchange.HangAsync()), RouteScene.Settings("", "\"MaxRequestBodySize\": 1000,"));

        foreach (var framing in new[] { "Content-Length: 5000000\r\n\r\n", "Expect: 100-continue\r\nContent-Length: 5000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n4c4b40\r\n" + new string('a', 1100) })
        {
            var answer = await RawConnection.AskAsync(scene.Gateway.Address, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{framing}");
            Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
            Assert.Contains("larger than the 1000 bytes of ReverseProxy:Routes:", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(67_108_864, null, 40 * MiB)]
    [InlineData(67_108_864, 50_000_000L, 40 * MiB)]
    [InlineData(null, 50_000_000L, MiB)]
    public async Task What_is_no_larger_is_forwarded_whole(int? access, long? route, int size)
    {
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await exchange.ReadAsync(size);
            await exchange.SendAsync(RouteScene.Answer("", "200 OK"));
        });
        await using var gateway = await StartAsync(upstream, access, route, isHttp2: false);
        using var caller = gateway.CreateClient();

        using var request = Request(Framing.Length, size);
        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_of_the_problem_names_both_settings()
    {
        await using var upstream = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK"));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        var page = await caller.GetStringAsync("/_gateway/problems/payload-too-large", TestContext.Current.CancellationToken);

        Assert.Contains(OfAccess, page, StringComparison.Ordinal);
        Assert.Contains("MaxRequestBodySize", page, StringComparison.Ordinal);
    }

    private static Task<GatewayFixture> StartAsync(ScriptedUpstream upstream, int? access, long? route, bool isHttp2)
    {
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings)!;
        if (access is not null)
            settings["CalGateway"]!["Access"] = new JsonObject { ["MaxBodyBytes"] = access };
        if (route is not null)
            settings["ReverseProxy"]!["Routes"]!["rest"]!["MaxRequestBodySize"] = route;
        return GatewayFixture.StartAsync(upstream.Address, settings: settings.ToJsonString(), adjust: builder =>
        {
            if (isHttp2)
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        });
    }

    private static HttpRequestMessage Request(Framing framing, int size)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/calcom/v2/me") { Content = new ByteArrayContent(new byte[size]) };
        if (framing != Framing.Length)
        {
            request.Content = new UnmeasuredContent(size);
            request.Headers.TransferEncodingChunked = framing == Framing.Chunks;
        }

        if (framing is Framing.Http2 or Framing.Http2CalledGrpc)
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", framing == Framing.Http2CalledGrpc ? "application/grpc" : "application/json");
        return request;
    }

    private sealed class UnmeasuredContent(int size) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[size]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
