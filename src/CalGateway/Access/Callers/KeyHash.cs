using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.Access.Callers;

/// <summary>
/// The hash of a caller's key in the settings. <c>sha256:digest</c> is found with one look-up, whatever the number of callers. <c>hmac-sha256:salt:hash</c>
/// is the older form: each hash has to be tried. One round is enough in both, because only random keys are hashed, which nobody can guess; a slow hash would
/// let anybody with wrong keys keep the gateway busy.
/// </summary>
internal sealed class KeyHash
{
    private const string Plain = "sha256";
    private const string Salted = "hmac-sha256";
    private const int SaltLength = 16;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private KeyHash(byte[] salt, byte[] hash)
    {
        _salt = salt;
        _hash = hash;
    }

    /// <summary>Null for the older form, from which the digest cannot be told.</summary>
    public KeyDigest? Digest => _salt.Length == 0 ? KeyDigest.Read(_hash) : null;

    public static KeyHash Of(string key) => new([], SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Null for a text that is no such hash.</summary>
    public static KeyHash? Parse(string text) => text.Trim().Split(':') switch
    {
        [Plain, var digest] => Create("", digest),
        [Salted, { Length: > 0 } salt, var hash] => Create(salt, hash),
        _ => null,
    };

    /// <summary>For the older form. Takes the same time for every wrong key.</summary>
    public bool Matches(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (_salt.Length == 0)
            SHA256.HashData(key, hash);
        else
            HMACSHA256.HashData(_salt, key, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    public override string ToString() => _salt.Length == 0
        ? $"{Plain}:{Base64Url.EncodeToString(_hash)}"
        : $"{Salted}:{Base64Url.EncodeToString(_salt)}:{Base64Url.EncodeToString(_hash)}";

    private static KeyHash? Create(string salt, string hash)
    {
        if (!Base64Url.IsValid(salt) || !Base64Url.IsValid(hash))
            return null;

        var (saltBytes, hashBytes) = (Base64Url.DecodeFromChars(salt), Base64Url.DecodeFromChars(hash));
        return saltBytes.Length is 0 or SaltLength && hashBytes.Length == SHA256.HashSizeInBytes ? new KeyHash(saltBytes, hashBytes) : null;
    }
}
