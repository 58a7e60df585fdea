using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CalGateway.Access.Callers;

/// <summary>
/// The SHA-256 of a key, by which it is looked up. The look-up need not take constant time: keys are random (<c>hash-key</c> makes them), so neither a
/// digest nor the time of a comparison helps to find one.
/// </summary>
internal readonly record struct KeyDigest(UInt128 First, UInt128 Second)
{
    public static KeyDigest Of(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        return Read(digest);
    }

    public static KeyDigest Read(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
}
