using System.IO.Compression;
using System.Security.Cryptography;

namespace CalGateway.Caching.Store;

/// <summary>The same body in every encoding that is served.</summary>
/// <param name="Digest">Of the plain body.</param>
/// <param name="Plain">As Cal.com sent it.</param>
/// <param name="Brotli">Null where it would not be shorter, or is not made yet.</param>
/// <param name="Gzip">Null where it would not be shorter, or is not made yet.</param>
/// <param name="IsComplete">Whether the compressed forms were made.</param>
internal sealed record Representations(string Digest, Representation Plain, Representation? Brotli, Representation? Gzip, bool IsComplete)
{
    /// <summary>Bodies under this are not compressed: they fit one packet either way.</summary>
    private const int WorthCompressing = 256;

    /// <summary>Up to this, compressing takes less than a millisecond and is done at once; <see cref="Compressor"/> compresses larger bodies in the background.</summary>
    private const int CompressedAtOnce = 32 * 1024;

    private const int BrotliQuality = 5;
    private const int BrotliWindow = 22;

    public long Bytes => Plain.ContentLength + (Brotli?.ContentLength ?? 0) + (Gzip?.ContentLength ?? 0);

    public static Representations Of(byte[] body)
    {
        var digest = DigestOf(body);
        var plain = new Representations(digest, new Representation(body, digest, null), null, null, IsComplete: false);
        return body.Length <= CompressedAtOnce ? plain.Completed() : plain;
    }

    public static string DigestOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16));

    /// <summary>With its compressed forms.</summary>
    public Representations Completed() => this with { Brotli = Compressed("br"), Gzip = Compressed("gzip"), IsComplete = true };

    private Representation? Compressed(string encoding)
    {
        var body = Plain.Body;
        if (body.Length < WorthCompressing)
            return null;

        // Pooled: unpooled buffers for large bodies would be most of the garbage of the process.
        var buffer = LargeBuffers.Pool.Rent(Math.Max(BrotliEncoder.GetMaxCompressedLength(body.Length), LongestGzip(body.Length)));
        try
        {
            var length = encoding == "br" ? Brotlied(body, buffer) : Gzipped(body, buffer);
            return length < body.Length ? new Representation(buffer[..length], Digest, encoding) : null;
        }
        finally
        {
            LargeBuffers.Pool.Return(buffer);
        }
    }

    private static int Brotlied(byte[] body, byte[] buffer) =>
        BrotliEncoder.TryCompress(body, buffer, out var length, BrotliQuality, BrotliWindow) ? length : body.Length;

    private static int Gzipped(byte[] body, byte[] buffer)
    {
        using var packed = new MemoryStream(buffer);
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(body);
        return (int)packed.Position;
    }

    /// <summary>Bytes that do not compress grow by five in each block of 16 KiB, beside header and checksum; this is more than twice that.</summary>
    private static int LongestGzip(int length) => length + (length / 1024) + 1024;
}
