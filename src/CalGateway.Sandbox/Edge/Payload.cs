using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Edge;

/// <summary>The bytes of an answer, with their weak tag and, once asked for, their compressed forms.</summary>
internal sealed class Payload(byte[] bytes)
{
    private byte[]? gzip;
    private byte[]? brotli;
    private string? etag;

    public byte[] Bytes { get; } = bytes;

    /// <summary>As Express makes it: the length, and the beginning of a hash.</summary>
    public string ETag => etag ??= string.Create(
        CultureInfo.InvariantCulture, $"W/\"{Bytes.Length:x}-{Convert.ToBase64String(SHA256.HashData(Bytes))[..27]}\"");

    public static Payload Of(JsonNode json) => new(Serving.Json.Bytes(json));

    public byte[] Encoded(string encoding) => encoding switch
    {
        "br" => brotli ??= Compress(stream => new BrotliStream(stream, CompressionLevel.Fastest)),
        "gzip" => gzip ??= Compress(stream => new GZipStream(stream, CompressionLevel.Fastest)),
        _ => Bytes,
    };

    private byte[] Compress(Func<Stream, Stream> encoder)
    {
        using var compressed = new MemoryStream();
        using (var stream = encoder(compressed))
            stream.Write(Bytes);
        return compressed.ToArray();
    }
}
