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
}
