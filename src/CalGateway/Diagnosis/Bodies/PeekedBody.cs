using System.IO.Compression;

namespace CalGateway.Diagnosis.Bodies;

/// <summary>
/// The first bytes of an upstream body: at most 64 KiB, read within five seconds, decompressed if necessary. What was read can be put back, so that an answer
/// which needs no change passes unchanged.
/// </summary>
internal sealed class PeekedBody(byte[] head, Stream? rest, bool isBroken)
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>More than a server has reason to apply. Each takes a stream with a buffer, so that thousands of them would take gigabytes.</summary>
    private const int MaxEncodings = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The body stalled or broke off, so the bytes that came must not be passed on as a complete body.</summary>
    public bool IsBroken => isBroken;

    public static async Task<PeekedBody> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var bytes = new byte[MaxBytes];
        var length = 0;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(linked.Token);
            while (length < bytes.Length)
            {
                var read = await stream.ReadAsync(bytes.AsMemory(length), linked.Token);
                if (read == 0)
                    return new PeekedBody(bytes[..length], null, isBroken: false);
                length += read;
            }

            return new PeekedBody(bytes, stream, isBroken: false);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException || deadline.IsCancellationRequested)
        {
            return new PeekedBody(bytes[..length], null, isBroken: true);
        }
    }

    /// <summary>The bytes, decompressed up to 64 KiB. Empty where decompression fails.</summary>
    public ReadOnlyMemory<byte> Unpacked(ICollection<string> encodings)
    {
        if (encodings.Count > MaxEncodings)
            return ReadOnlyMemory<byte>.Empty;

        Stream? stream = null;
        foreach (var encoding in encodings.Reverse())
        {
            stream ??= new MemoryStream(head, writable: false);
            switch (encoding.Trim().ToLowerInvariant())
            {
                case "gzip" or "x-gzip":
                    stream = new GZipStream(stream, CompressionMode.Decompress);
                    break;
                case "br":
                    stream = new BrotliStream(stream, CompressionMode.Decompress);
                    break;
                case "deflate":
                    stream = new ZLibStream(stream, CompressionMode.Decompress);
                    break;
                case "identity":
                    break;
                default:
                    return ReadOnlyMemory<byte>.Empty;
            }
        }

        return stream is null ? head : Drain(stream);
    }

    /// <summary>Gives the answer a body that starts from the beginning again.</summary>
    public void PutBack(HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        var restored = new StreamContent(rest is null ? new MemoryStream(head, writable: false) : new RewoundStream(head, rest));
        foreach (var (name, values) in headers.NonValidated)
            restored.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        response.Content = restored;
    }

    private static ReadOnlyMemory<byte> Drain(Stream stream)
    {
        using (stream)
        {
            var buffer = new byte[MaxBytes];
            try
            {
                return buffer.AsMemory(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            }
            catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
            {
                return ReadOnlyMemory<byte>.Empty; // not compressed as declared; Brotli throws InvalidOperationException then
            }
        }
    }
}
