using System.IO.Compression;
using System.Security.Cryptography;

namespace CalGateway.Caching.Store;

/// <summary>The same body in every encoding that is served.</summary>
/// <param name="Digest">The digest of the plain body.</param>
/// <param name="Brotli">Null if it is not shorter than the plain body, or is not made yet.</param>
/// <param name="Gzip">Null if it is not shorter than the plain body, or is not made yet.</param>
/// <param name="IsComplete">Whether the compressed forms have been made.</param>
internal sealed record Representations(string Digest, Representation Plain, Representation? Brotli, Representation? Gzip, bool IsComplete)
{
    /// <summary>Smaller bodies are not compressed: they fit one packet either way.</summary>
    private const int MinBytesToCompress = 256;

    /// <summary>Up to this size, compressing takes less than a millisecond and is done at once; <see cref="Compressor"/> compresses larger bodies in the background.</summary>
    private const int MaxBytesToCompressAtOnce = 32 * 1024;

    private const int BrotliQuality = 5;
    private const int BrotliWindow = 22;

    public long Bytes => Plain.Body.LongLength + (Brotli?.Body.LongLength ?? 0) + (Gzip?.Body.LongLength ?? 0);

    public static Representations Of(byte[] body)
    {
        var digest = DigestOf(body);
        var plain = new Representations(digest, new Representation(body, digest, null), null, null, IsComplete: false);
        return body.Length <= MaxBytesToCompressAtOnce ? plain.Completed() : plain;
    }

    public static string DigestOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16));

    /// <summary>A copy with the compressed forms.</summary>
    public Representations Completed() => this with { Brotli = Compressed("br"), Gzip = Compressed("gzip"), IsComplete = true };

    private Representation? Compressed(string encoding)
    {
        var body = Plain.Body;
        if (body.Length < MinBytesToCompress)
            return null;

        // The buffer is pooled, because buffers for large bodies would be most of the garbage of the process.
        var buffer = LargeBuffers.Pool.Rent(Math.Max(BrotliEncoder.GetMaxCompressedLength(body.Length), MaxGzipLength(body.Length)));
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

    /// <summary>Bytes that cannot be compressed grow by five in each block of 16 KiB, besides header and checksum. This allows more than twice that.</summary>
    private static int MaxGzipLength(int length) => length + (length / 1024) + 1024;
}
