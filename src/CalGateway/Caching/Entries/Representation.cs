using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Entries;

/// <summary>One encoding of a stored answer: the bytes, and the headers that go with these bytes alone.</summary>
internal sealed class Representation
{
    public Representation(byte[] body, string digest, string? encoding)
    {
        Body = body;
        Encoding = encoding;

        // Strong, so another encoding has another: its bytes are not these.
        EntityTag = encoding is null ? $"\"{digest}\"" : $"\"{digest}-{encoding}\"";
        ContentEncoding = encoding;
        ContentLength = body.Length;
    }

    public byte[] Body { get; }

    /// <summary>Null for the plain one.</summary>
    public string? Encoding { get; }

    public string EntityTag { get; }

    public StringValues ContentEncoding { get; }

    public long ContentLength { get; }
}
