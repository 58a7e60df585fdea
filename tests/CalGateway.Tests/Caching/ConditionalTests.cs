using System.IO.Compression;
using System.Net;

namespace CalGateway.Tests.Caching;

public sealed class ConditionalTests
{
    [Fact]
    public async Task A_tag_of_ours_brings_a_304_and_no_body()
    {
        await using var scene = await CacheScene.OpenAsync();
        var first = await scene.GetAsync();
        Assert.Matches("^\"[0-9a-f]{32}\"$", first["ETag"]);

        foreach (var tags in new[] { first["ETag"]!, $"W/{first["ETag"]}", $"\"a,b\" , W/\"c\",{first["ETag"]}", "*" })
        {
            var known = await scene.GetAsync(CacheScene.List, ("If-None-Match", tags));
            Assert.Equal((HttpStatusCode.NotModified, 0), (known.Status, known.Body.Length));
            Assert.Equal(first["ETag"], known["ETag"]);
            Assert.Equal("CalGateway; hit; ttl=60", known.CacheStatus);
            Assert.Equal(first["Cache-Control"], known["Cache-Control"]);
        }

        foreach (var tags in new[] { "\"other\"", "", "garbage", "\"unfinished", $"W/{first["ETag"]![..^1]}", $"x{first["ETag"]}" })
            Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(CacheScene.List, ("If-None-Match", tags))).Status);
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task A_list_of_ten_thousand_tags_is_read_in_passing()
    {
        await using var scene = await CacheScene.OpenAsync();
        var tag = (await scene.GetAsync())["ETag"]!;
        var thousands = string.Concat(Enumerable.Repeat("\"\",", 10_000)); // as many as the headers of a request have room for

        Assert.Equal(HttpStatusCode.NotModified, (await scene.GetAsync(CacheScene.List, ("If-None-Match", thousands + tag))).Status);
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(CacheScene.List, ("If-None-Match", thousands))).Status);
    }

    [Fact]
    public async Task A_tag_on_a_cold_key_neither_reaches_Cal_com_nor_keeps_the_list_from_being_stored()
    {
        await using var scene = await CacheScene.OpenAsync();

        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(CacheScene.List, ("If-None-Match", "\"some-tag\""))).Status);

        Assert.Empty(scene.Sandbox.Requests.All.Single().Header("If-None-Match"));
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_list_that_has_not_changed_is_not_sent_again_by_Cal_com()
    {
        await using var scene = await CacheScene.OpenAsync();
        var stored = await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(12));

        var confirmed = await scene.GetAsync();

        Assert.Equal("CalGateway; fwd=stale; fwd-status=304; stored", confirmed.CacheStatus);
        Assert.Equal((stored.Text, stored["ETag"], "0"), (confirmed.Text, confirmed["ETag"], confirmed["Age"]));
        Assert.Single(scene.Sandbox.Requests.All[^1].Header("If-None-Match"));
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task A_head_is_answered_from_the_stored_get_and_fills_it()
    {
        await using var scene = await CacheScene.OpenAsync();
        using var cold = new HttpRequestMessage(HttpMethod.Head, CacheScene.List);
        var head = await scene.SendAsync(cold);
        var get = await scene.GetAsync();

        Assert.Equal("CalGateway; fwd=uri-miss; stored", head.CacheStatus);
        Assert.Equal("CalGateway; hit; ttl=60", get.CacheStatus);
        Assert.Equal((0, get.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)), (head.Body.Length, head["Content-Length"]));
        Assert.Equal(get["ETag"], head["ETag"]);
        Assert.Equal("GET", scene.Sandbox.Requests.All.Single().Method);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br;q=0.9, zstd", "br")]
    [InlineData("gzip;q=1.0, br;q=0", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("", null)]
    public async Task Each_encoding_has_its_bytes_and_its_tag(string accepted, string? encoding)
    {
        await using var scene = await CacheScene.OpenAsync();
        var plain = await scene.GetAsync();

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var packed = await scene.GetAsync(CacheScene.List, ("Accept-Encoding", accepted));
            Assert.Equal(encoding, packed["Content-Encoding"]);
            Assert.Equal(plain.Text, Unpacked(packed.Body, encoding));
            Assert.Equal(encoding is null, packed["ETag"] == plain["ETag"]);
            Assert.Contains("Accept-Encoding", packed["Vary"], StringComparison.Ordinal);

            var known = await scene.GetAsync(CacheScene.List, ("Accept-Encoding", accepted), ("If-None-Match", packed["ETag"]!));
            Assert.Equal(HttpStatusCode.NotModified, known.Status);
        }
    }

    [Fact]
    public async Task A_range_is_answered_whole()
    {
        await using var scene = await CacheScene.OpenAsync();
        var whole = await scene.GetAsync();

        var asked = await scene.GetAsync(CacheScene.List, ("Range", "bytes=0-9"));

        Assert.Equal((HttpStatusCode.OK, whole.Text), (asked.Status, asked.Text));
    }

    [Fact]
    public async Task What_speaks_of_one_exchange_is_not_replayed()
    {
        await using var scene = await CacheScene.OpenAsync();
        var miss = await scene.GetAsync();
        var hit = await scene.GetAsync();

        foreach (var header in new[] { "Set-Cookie", "CF-RAY", "cf-cache-status", "Access-Control-Allow-Origin", "CalGateway-Upstream-Request-Id" })
            Assert.Null(hit[header]);
        Assert.NotEqual(miss["X-Request-Id"], hit["X-Request-Id"]);
        Assert.Equal("2024-06-14", miss["CalGateway-Api-Version"]);
        Assert.Null(hit["CalGateway-Api-Version"]);
        Assert.Equal(miss["Content-Type"], hit["Content-Type"]);
    }

    private static string Unpacked(byte[] body, string? encoding)
    {
        using var packed = new MemoryStream(body);
        using Stream plain = encoding switch
        {
            "br" => new BrotliStream(packed, CompressionMode.Decompress),
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            _ => packed,
        };
        using var reader = new StreamReader(plain);
        return reader.ReadToEnd();
    }
}
