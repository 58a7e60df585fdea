using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.Access.Callers;

/// <summary>
/// The salted hash of a caller's key: <c>hmac-sha256:salt:hash</c>. One round is enough, since only keys that nobody could try out
/// are hashed (<see cref="HashKeyCommand"/>), and a slow hash would let anybody with wrong keys keep the gateway busy.
/// </summary>
internal sealed class KeyHash
{
    private const string Algorithm = "hmac-sha256";
    private const int SaltLength = 16;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private KeyHash(byte[] salt, byte[] hash)
    {
        _salt = salt;
        _hash = hash;
    }

    public static KeyHash Of(string key)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new KeyHash(salt, HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Null for a text that is none.</summary>
    public static KeyHash? Parse(string text)
    {
        if (text.Split(':') is not [Algorithm, var salt, var hash] || !Base64Url.IsValid(salt) || !Base64Url.IsValid(hash))
            return null;

        var parsed = new KeyHash(Base64Url.DecodeFromChars(salt), Base64Url.DecodeFromChars(hash));
        return parsed._salt.Length == SaltLength && parsed._hash.Length == HMACSHA256.HashSizeInBytes ? parsed : null;
    }

    /// <summary>Takes the same time whether and wherever they differ.</summary>
    public bool Matches(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_salt, key, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    public override string ToString() => $"{Algorithm}:{Base64Url.EncodeToString(_salt)}:{Base64Url.EncodeToString(_hash)}";
}
