using System.IO.Compression;
using System.Security.Cryptography;

namespace CalGateway.Caching.Entries;

/// <summary>The same body in every encoding that is served, each made once, when the answer is stored.</summary>
/// <param name="Plain">As Cal.com sent it.</param>
/// <param name="Brotli">Null where it would not be shorter.</param>
/// <param name="Gzip">Null where it would not be shorter.</param>
internal sealed record Representations(string Digest, Representation Plain, Representation? Brotli, Representation? Gzip)
{
    /// <summary>Below this a packet is a packet.</summary>
    private const int WorthCompressing = 256;

    private const int BrotliQuality = 5;
    private const int BrotliWindow = 22;

    public long Bytes => Plain.ContentLength + (Brotli?.ContentLength ?? 0) + (Gzip?.ContentLength ?? 0);

    public static Representations Of(byte[] body)
    {
        var digest = DigestOf(body);
        return new Representations(digest, new Representation(body, digest, null), Compressed(body, digest, "br"), Compressed(body, digest, "gzip"));
    }

    public static string DigestOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16));

    /// <summary>The shortest that the caller takes.</summary>
    public Representation Pick(Encodings accepted)
    {
        if (Brotli is not null && accepted.HasFlag(Encodings.Brotli))
            return Brotli;
        return Gzip is not null && accepted.HasFlag(Encodings.Gzip) ? Gzip : Plain;
    }

    private static Representation? Compressed(byte[] body, string digest, string encoding)
    {
        if (body.Length < WorthCompressing)
            return null;

        var packed = encoding == "br" ? Brotlied(body) : Gzipped(body);
        return packed.Length < body.Length ? new Representation(packed, digest, encoding) : null;
    }

    private static byte[] Brotlied(byte[] body)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body, buffer, out var length, BrotliQuality, BrotliWindow) ? buffer[..length] : body;
    }

    private static byte[] Gzipped(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(body);
        return packed.ToArray();
    }
}
