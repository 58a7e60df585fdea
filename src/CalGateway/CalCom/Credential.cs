using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.CalCom;

/// <summary>
/// The key that signs what goes to Cal.com. It has no <c>ToString</c> and no getter for the bare key on purpose:
/// what cannot be read cannot be logged.
/// </summary>
internal sealed class Credential
{
    private State _state;

    public Credential(string key) => _state = new State(key);

    /// <summary>The value of <c>Authorization</c>, made once per key.</summary>
    public AuthenticationHeaderValue Header => Volatile.Read(ref _state).Header;

    /// <summary>Sixteen hex digits that tell one key from another and nothing else of it: answers stored for one are not served for another.</summary>
    public string Fingerprint => Volatile.Read(ref _state).Fingerprint;

    /// <summary>True if the text holds the key: an upstream error that quotes it must not travel on.</summary>
    public bool IsQuotedIn(ReadOnlySpan<char> text) => text.Contains(Volatile.Read(ref _state).Header.Parameter, StringComparison.Ordinal);

    /// <summary>The text with a mark wherever it quotes the key.</summary>
    public string TakenOutOf(string text, string mark) => text.Replace(Volatile.Read(ref _state).Header.Parameter!, mark, StringComparison.Ordinal);

    /// <summary>The address with the key in its query, as API v1 wants it. Nobody but the handler that sends it may see it.</summary>
    public Uri SignQuery(Uri address, string parameter)
    {
        var separator = address.Query.Length == 0 ? '?' : '&';
        return new Uri($"{address.AbsoluteUri}{separator}{parameter}={Uri.EscapeDataString(Volatile.Read(ref _state).Header.Parameter!)}");
    }

    /// <summary>A key of 32 bytes for a purpose of the gateway's own, from which this one cannot be told.</summary>
    public byte[] DeriveKey(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Volatile.Read(ref _state).Header.Parameter!), 32, info: Encoding.UTF8.GetBytes("calgateway:" + purpose));

    /// <summary>Takes another key for all requests that start from now on; false where it is the same one.</summary>
    public bool Replace(string key)
    {
        var next = new State(key);
        if (next.Fingerprint == Fingerprint)
            return false;

        Volatile.Write(ref _state, next);
        return true;
    }

    private sealed class State(string key)
    {
        public AuthenticationHeaderValue Header { get; } = new("Bearer", key);

        public string Fingerprint { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("calgateway:" + key)))[..16];
    }
}
