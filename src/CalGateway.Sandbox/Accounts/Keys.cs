using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CalGateway.Sandbox.Accounts;

/// <summary>The keys that are valid now.</summary>
internal sealed class Keys(string first)
{
    private readonly ConcurrentDictionary<string, bool> valid = new(StringComparer.Ordinal) { [first] = true };

    public bool IsValid(string key) => valid.ContainsKey(key);

    /// <summary>Replaces a key by a new one, and returns that; null if the key is not valid any more.</summary>
    public string? Refresh(string key)
    {
        if (!valid.TryRemove(key, out _))
            return null;

        var fresh = "cal_" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        valid[fresh] = true;
        return fresh;
    }
}
