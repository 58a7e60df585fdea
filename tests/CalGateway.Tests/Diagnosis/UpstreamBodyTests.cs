using System.IO.Compression;
using System.Text;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Diagnosis;

/// <summary>A 404 is diagnosed whatever its body is like, and never at the price of the gateway.</summary>
public sealed class UpstreamBodyTests
{
    private static readonly byte[] Miss =
        """{"status":"error","timestamp":"2025-12-03T16:00:26.376Z","path":"/v2/event-typos","error":{"code":"NotFoundException","message":"Cannot GET /v2/event-typos","details":{"message":"Cannot GET /v2/event-typos","error":"Not Found","statusCode":404}}}"""u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Bodies() => new()
    {
        { "gzip", Packed(Miss, stream => new GZipStream(stream, CompressionLevel.Fastest)), "unknown-endpoint" },
        { "x-gzip", Packed(Miss, stream => new GZipStream(stream, CompressionLevel.Fastest)), "unknown-endpoint" },
        { "br", Packed(Miss, stream => new BrotliStream(stream, CompressionLevel.Fastest)), "unknown-endpoint" },
        { "deflate", Packed(Miss, stream => new ZLibStream(stream, CompressionLevel.Fastest)), "unknown-endpoint" },
        { "gzip, br", Packed(Packed(Miss, stream => new GZipStream(stream, CompressionLevel.Fastest)), stream => new BrotliStream(stream, CompressionLevel.Fastest)), "unknown-endpoint" },
        { "identity", Miss, "unknown-endpoint" },
        { "gzip", Miss, "unrecognised-not-found" },
        { "br", Miss, "unrecognised-not-found" },
        { "deflate", Packed(Miss, stream => new DeflateStream(stream, CompressionLevel.Fastest)), "unrecognised-not-found" },
        { "gzip", Packed(Miss, stream => new GZipStream(stream, CompressionLevel.Fastest))[..40], "unrecognised-not-found" },
        { "gzip", Packed(new byte[50_000_000], stream => new GZipStream(stream, CompressionLevel.Fastest)), "unrecognised-not-found" },
        { "zstd", Miss, "unrecognised-not-found" },
        { string.Join(',', Enumerable.Repeat("br", 20_000)), Miss, "unrecognised-not-found" },
        { "identity", [], "unrecognised-not-found" },
        { "identity", "<html><body>404</body></html>"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "{\"status\":\"error\",\"error\":{\"mess"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "null"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "[]"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "{\"error\":\"Not Found\"}"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "{\"error\":{\"message\":5}}"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "{\"error\":{\"message\":\"\\ud800\"}}"u8.ToArray(), "unrecognised-not-found" },
        { "identity", "{\"error\":{\"message\":\"Cannot GET /v2/event-typos\"},\"\\ud800\":1}"u8.ToArray(), "unrecognised-not-found" },
        { "identity", [.. "{\"error\":{\"message\":\""u8, 0xFF, 0xFE, .. "\"}}"u8], "unrecognised-not-found" },
        { "identity", Encoding.UTF8.GetBytes(new string('[', 60_000)), "unrecognised-not-found" },
        { "identity", Encoding.UTF8.GetBytes("{\"error\":{\"message\":\"" + new string('x', 20_000_000) + "\"}}"), "unrecognised-not-found" },
        { "identity", "{\"statusCode\":404,\"message\":\"Cannot GET /v2/event-typos\"}"u8.ToArray(), "unknown-endpoint" },
        { "identity", "{\"error\":{\"code\":\"\\ud800\",\"message\":\"Cannot GET /v2/event-typos\"}}"u8.ToArray(), "unknown-endpoint" },
        { "identity", [.. Encoding.UTF8.Preamble, .. Miss], "unrecognised-not-found" },
    };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_404_is_diagnosed_whatever_its_body_is_like(string encoding, byte[] body, string code)
    {
        await using var upstream = ScriptedUpstream.NotFound(
            body, $"Content-Encoding: {encoding}", "Content-Type: application/json", "Content-Language: en", "Content-MD5: eA==", "ETag: \"old\"",
            "Last-Modified: Wed, 03 Dec 2025 16:00:26 GMT", "Content-Disposition: attachment");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/event-typos", Cancellation);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((502, code), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Equal(["Content-Length", "Content-Type"], answer.Content.Headers.Select(header => header.Key).Order());
        Assert.Null(answer.Headers.ETag);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_waited_for_five_seconds_and_no_longer()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"status\":");
            await exchange.HangAsync();
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var caller = gateway.CreateClient();

        var asking = caller.GetAsync("/calcom/v2/event-typos", Cancellation);
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return asking.IsCompleted;
            },
            "the gateway stops waiting");

        using var answer = await asking;
        Assert.Equal((502, "upstream-invalid"), ((int)answer.StatusCode, (string?)(await answer.ReadProblemAsync())["code"]));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_a_broken_answer_and_not_a_foreign_one()
    {
        await using var upstream = ScriptedUpstream.Saying("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"status\":");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        var problem = await caller.GetFromJsonProblemAsync("/calcom/v2/event-typos");

        Assert.Equal("upstream-invalid", (string?)problem["code"]);
    }

    private static byte[] Packed(byte[] content, Func<Stream, Stream> pack)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed))
            stream.Write(content);
        return packed.ToArray();
    }
}
