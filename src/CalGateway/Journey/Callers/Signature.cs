using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CalGateway.Problems;

namespace CalGateway.Journey.Callers;

/// <summary>
/// One immutable reading of a key. Everything that is done for one request (cache key, signing, quota, redaction) uses the same reading, even if the
/// key is rotated meanwhile. It has no <c>ToString</c> and no getter for the bare key, so that the key cannot be logged by mistake.
/// </summary>
internal sealed class Signature
{
    private readonly string _key;
    private readonly string[] _encodings;

    public Signature(string key)
    {
        _key = key;
        _encodings = [.. EncodingsOf(key).Where(encoding => encoding.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        Header = new AuthenticationHeaderValue("Bearer", key);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("calgateway:" + key)))[..16];
    }

    /// <summary>The value of <c>Authorization</c>, made once per key.</summary>
    public AuthenticationHeaderValue Header { get; }

    /// <summary>Sixteen hex digits of a hash of the key. Part of every cache key, so that an answer stored for one key is not served for another.</summary>
    public string Fingerprint { get; }

    /// <summary>True if the text contains the key. Such a text of an upstream must not be passed on.</summary>
    public bool IsQuotedIn(ReadOnlySpan<char> text)
    {
        foreach (var encoding in _encodings)
        {
            if (text.Contains(encoding, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The text without this key, which need not look like a key, and without other secrets (<see cref="Redaction.Clean"/>). The key is removed before the
    /// text is cut, because half of a key would not be recognised.
    /// </summary>
    public string Clean(string text, int maxLength) => Redaction.Clean(WithoutKey(text), maxLength);

    /// <summary>For the gateway's own texts that quote a path, into which callers sometimes put a key by mistake.</summary>
    public string WithoutSecrets(string text) => Redaction.WithoutSecrets(WithoutKey(text));

    /// <summary>The address with the key in its query, for API v1. Only the handler that sends it may see it.</summary>
    public Uri SignQuery(Uri address, string parameter)
    {
        var separator = address.Query.Length == 0 ? '?' : '&';
        return new Uri($"{address.AbsoluteUri}{separator}{parameter}={Uri.EscapeDataString(_key)}");
    }

    /// <summary>Derives a key of 32 bytes for another purpose. This key cannot be computed from it.</summary>
    public byte[] DeriveKey(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(_key), 32, info: Encoding.UTF8.GetBytes("calgateway:" + purpose));

    /// <summary>The text with a mark instead of the key.</summary>
    private string WithoutKey(string text)
    {
        foreach (var encoding in _encodings)
            text = text.Replace(encoding, Redaction.Mark, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>The ways in which a server may write the key: plain, in an address, in JSON, in HTML. Cal.com's own keys are letters, digits and underscores, for which they are equal.</summary>
    private static IEnumerable<string> EncodingsOf(string key) => key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? [key] :
    [
        key, Uri.EscapeDataString(key), JsonEncodedText.Encode(key).ToString(), JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        key.Replace("/", "\\/", StringComparison.Ordinal), HtmlEncoder.Default.Encode(key),
    ];
}
