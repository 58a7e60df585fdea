using System.IO.Compression;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Envelope;

public sealed class CompressionTests
{
    [Theory]
    [InlineData("/calcom/v2/event-types", "gzip")]
    [InlineData("/calcom/v2/event-types", "br")]
    [InlineData("/calcom/v2/bookings", "gzip")]
    [InlineData("/calcom/v2/event-typos", "br")]
    public async Task What_was_asked_for_plainly_is_compressed_at_our_edge_for_who_accepts_it(string path, string encoding)
    {
        await using var pair = await Pair.StartAsync();

        foreach (var accepted in new[] { encoding, "identity", encoding })
        {
            using var answer = await pair.GetAsync(path, ("Accept-Encoding", accepted));
            Assert.Equal(accepted == encoding ? [encoding] : [], answer.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await using Stream plain = accepted switch
            {
                "gzip" => new GZipStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                _ => body,
            };
            Assert.NotNull(await JsonNode.ParseAsync(plain, cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Equal(["identity"], asked.Header("accept-encoding")));
    }

    [Theory]
    [InlineData("br", "W/\"strong\"")]
    [InlineData("identity", "\"strong\"")]
    public async Task A_strong_tag_of_Cal_coms_is_weak_on_what_was_compressed_here(string accepted, string tag)
    {
        await using var upstream = ScriptedUpstream.Saying(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"strong\"\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("Accept-Encoding", accepted);

        using var answer = await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);

        Assert.Equal(tag, answer.Headers.ETag?.ToString());
    }
}
