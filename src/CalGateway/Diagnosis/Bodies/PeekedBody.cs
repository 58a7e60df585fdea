using System.IO.Compression;

namespace CalGateway.Diagnosis.Bodies;

/// <summary>
/// The first bytes of an upstream body: at most 64 KiB, read within five seconds, decompressed if necessary. What was read can be put back, so that an answer
/// which needs no change passes unchanged.
/// </summary>
internal sealed class PeekedBody
{
    public const int MaxBytes = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly byte[] _head;
    private readonly Stream? _rest;

    private PeekedBody(byte[] head, Stream? rest, bool broken)
    {
        _head = head;
        _rest = rest;
        IsBroken = broken;
    }

    /// <summary>The body stalled or broke off, so the bytes that came must not be passed on as a complete body.</summary>
    public bool IsBroken { get; }

    public static async Task<PeekedBody> ReadAsync(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var head = new byte[MaxBytes];
        var length = 0;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(linked.Token);
            while (length < head.Length)
            {
                var read = await stream.ReadAsync(head.AsMemory(length), linked.Token);
                if (read == 0)
                    return new PeekedBody(head[..length], null, broken: false);
                length += read;
            }

            return new PeekedBody(head, stream, broken: false);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException || deadline.IsCancellationRequested)
        {
            return new PeekedBody(head[..length], null, broken: true);
        }
    }

    /// <summary>The bytes, decompressed up to 64 KiB. Empty where decompression fails.</summary>
    public ReadOnlyMemory<byte> Unpacked(IEnumerable<string> encodings)
    {
        Stream? stream = null;
        foreach (var encoding in encodings.Reverse())
        {
            stream ??= new MemoryStream(_head, writable: false);
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

        return stream is null ? _head : Drain(stream);
    }

    /// <summary>Gives the answer a body that starts from the beginning again.</summary>
    public void PutBack(HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        var restored = new StreamContent(_rest is null ? new MemoryStream(_head, writable: false) : new RewoundStream(_head, _rest));
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
