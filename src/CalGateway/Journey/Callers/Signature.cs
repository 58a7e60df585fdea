using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CalGateway.Problems;

namespace CalGateway.Journey.Callers;

/// <summary>
/// One reading of a key. It never changes, so that everything that is done for one request (its place in the cache, what signs it, whose
/// quota it takes from, what is redacted) is about the same key, even if the key is rotated meanwhile. It has no <c>ToString</c> and no
/// getter for the bare key on purpose: what cannot be read cannot be logged.
/// </summary>
internal sealed class Signature
{
    private readonly string _key;
    private readonly string[] _spellings;

    public Signature(string key)
    {
        _key = key;
        _spellings = [.. SpellingsOf(key).Where(spelling => spelling.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        Header = new AuthenticationHeaderValue("Bearer", key);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("calgateway:" + key)))[..16];
    }

    /// <summary>The value of <c>Authorization</c>, made once per key.</summary>
    public AuthenticationHeaderValue Header { get; }

    /// <summary>Sixteen hex digits that tell one key from another and nothing else of it: answers stored for one are not served for another.</summary>
    public string Fingerprint { get; }

    /// <summary>True if the text holds the key: an upstream text that quotes it must not travel on.</summary>
    public bool IsQuotedIn(ReadOnlySpan<char> text)
    {
        foreach (var spelling in _spellings)
        {
            if (text.Contains(spelling, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The text without secrets: <see cref="Redaction.Clean"/> after this key, which need not look like one of Cal.com's, is taken out. It goes first,
    /// while it is whole: of a key that was cut in two, half would be left standing.
    /// </summary>
    public string Clean(string text, int maxLength) => Redaction.Clean(TakenOutOf(text), maxLength);

    /// <summary>For texts of our own that quote a path: callers put keys there by mistake.</summary>
    public string WithoutSecrets(string text) => Redaction.WithoutSecrets(TakenOutOf(text));

    /// <summary>The address with the key in its query, as API v1 wants it. Nobody but the handler that sends it may see it.</summary>
    public Uri SignQuery(Uri address, string parameter)
    {
        var separator = address.Query.Length == 0 ? '?' : '&';
        return new Uri($"{address.AbsoluteUri}{separator}{parameter}={Uri.EscapeDataString(_key)}");
    }

    /// <summary>A key of 32 bytes for a purpose of the gateway's own, from which this one cannot be told.</summary>
    public byte[] DeriveKey(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(_key), 32, info: Encoding.UTF8.GetBytes("calgateway:" + purpose));

    /// <summary>The text with a mark wherever it quotes the key.</summary>
    private string TakenOutOf(string text)
    {
        foreach (var spelling in _spellings)
            text = text.Replace(spelling, Redaction.Mark, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>The key as a server may quote it: plain, in an address, in JSON, in HTML. One and the same for keys of letters, digits and underscores.</summary>
    private static IEnumerable<string> SpellingsOf(string key) =>
    [
        key, Uri.EscapeDataString(key), JsonEncodedText.Encode(key).ToString(), JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        key.Replace("/", "\\/", StringComparison.Ordinal), HtmlEncoder.Default.Encode(key),
    ];
}
