using System.Security.Cryptography;
using System.Text;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>
/// Encrypts answers for Redis with AES-GCM. The encryption key is derived from the credential, and the cache key is authenticated with the answer, so that
/// without the credential nobody can read an answer, add one, or put one in the place of another.
/// </summary>
internal static class SealedValue
{
    private const string Purpose = "answers shared between gateways, 1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> plain, string key, Signature signature)
    {
        var value = new byte[NonceLength + TagLength + plain.Length];
        var nonce = value.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(signature.DeriveKey(Purpose), TagLength);
        cipher.Encrypt(nonce, plain, value.AsSpan(NonceLength + TagLength), value.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(key));
        return value;
    }

    /// <summary>Decrypts a value, which may be large, in place. Null if it is not for this cache key and credential, or was changed since.</summary>
    public static ArraySegment<byte>? Open(byte[] value, string key, Signature signature)
    {
        if (value.Length < NonceLength + TagLength)
            return null;

        var plain = new ArraySegment<byte>(value)[(NonceLength + TagLength)..];
        using var cipher = new AesGcm(signature.DeriveKey(Purpose), TagLength);
        try
        {
            cipher.Decrypt(
                value.AsSpan(0, NonceLength), plain, value.AsSpan(NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(key));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
