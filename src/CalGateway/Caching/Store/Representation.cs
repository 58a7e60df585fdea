using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Store;

/// <summary>One encoding of a stored answer: the bytes, and the headers that go with these bytes alone.</summary>
internal sealed class Representation
{
    public Representation(byte[] body, string digest, string? encoding)
    {
        Body = body;
        Encoding = encoding;

        // A strong tag differs by encoding, because the bytes do.
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
