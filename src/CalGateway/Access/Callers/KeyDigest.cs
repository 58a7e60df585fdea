using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CalGateway.Access.Callers;

/// <summary>
/// The SHA-256 of a key, by which it is looked up. The look-up need not take constant time: keys are random (<c>hash-key</c> makes them), so neither a
/// digest nor the time of a comparison helps to find one.
/// </summary>
internal readonly record struct KeyDigest(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public static KeyDigest Of(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        return Read(digest);
    }

    public static KeyDigest Read(ReadOnlySpan<byte> digest) =>
        new(Word(digest, 0), Word(digest, 1), Word(digest, 2), Word(digest, 3));

    private static ulong Word(ReadOnlySpan<byte> digest, int at) => BinaryPrimitives.ReadUInt64BigEndian(digest[(at * sizeof(ulong))..]);
}
