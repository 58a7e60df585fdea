namespace CalGateway.Caching.Store;

/// <summary>One encoding of a stored answer.</summary>
/// <param name="encoding">The content coding; null for the plain body.</param>
internal sealed class Representation(byte[] body, string digest, string? encoding)
{
    public byte[] Body { get; } = body;

    public string? Encoding { get; } = encoding;

    /// <summary>A strong tag, so it differs by encoding, as the bytes do.</summary>
    public string EntityTag { get; } = encoding is null ? $"\"{digest}\"" : $"\"{digest}-{encoding}\"";
}
