using System.Collections.Concurrent;

namespace CalGateway.Access.Callers;

/// <summary>
/// What is known about hashes of the older form from one revision to the next: the keys that have come already, and how many trials are still allowed. Each
/// wrong key has to be tried against all those hashes.
/// </summary>
internal sealed class OlderHashes
{
    private readonly ConcurrentDictionary<string, KeyDigest> _found = new(StringComparer.Ordinal);

    /// <summary>For what came as a key of the gateway.</summary>
    public TrialBudget OfKeys { get; } = new();

    /// <summary>For what came where a token of Cal.com's may come. However many tokens come, they take no trial from those who come with a key.</summary>
    public TrialBudget OfTokens { get; } = new();

    /// <summary>The digest of the key of a hash; null if the key has not come yet.</summary>
    public KeyDigest? DigestOf(KeyHash hash) => _found.TryGetValue(hash.ToString(), out var digest) ? digest : null;

    public void Found(KeyHash hash, KeyDigest digest) => _found[hash.ToString()] = digest;

    /// <summary>Forgets the hashes that are no longer in the settings.</summary>
    public void Keep(IReadOnlyCollection<string> hashes)
    {
        foreach (var gone in _found.Keys.Except(hashes))
            _found.TryRemove(gone, out _);
    }
}
