using System.Collections.Concurrent;

namespace CalGateway.Access.Callers;

/// <summary>
/// What is known of hashes of the older form, each of which has to be tried, whatever revision they are in: whose key has come already,
/// and how much may still be tried in vain. Without a bound, whoever sends wrong keys would keep the gateway busy.
/// </summary>
internal sealed class OlderHashes
{
    /// <summary>So few are tried for every key: it costs no more than the rest of a request.</summary>
    public const int AlwaysTried = 16;

    /// <summary>Trials in vain that are allowed at once, and again in each second: a hundredth of a processor.</summary>
    private const double Most = 4000;
    private const double EachSecond = 1000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, KeyDigest> _found = new(StringComparer.Ordinal);
    private double _allowed = Most;
    private DateTimeOffset _asOf;

    /// <summary>The digest of the key that a hash was found to be of; null where it has not come yet.</summary>
    public KeyDigest? DigestOf(KeyHash hash) => _found.TryGetValue(hash.ToString(), out var digest) ? digest : null;

    public void Found(KeyHash hash, KeyDigest digest) => _found[hash.ToString()] = digest;

    /// <summary>Lets go of what is in no settings any more.</summary>
    public void Keep(IReadOnlyCollection<string> hashes)
    {
        foreach (var gone in _found.Keys.Except(hashes))
            _found.TryRemove(gone, out _);
    }

    public bool MayTry(int hashes, DateTimeOffset now)
    {
        if (hashes <= AlwaysTried)
            return true;

        lock (_lock)
        {
            _allowed = Math.Min(Most, _allowed + (EachSecond * Math.Max(0, (now - _asOf).TotalSeconds)));
            _asOf = now;
            return _allowed > 0;
        }
    }

    /// <summary>A key that opens costs its caller nothing: it is found by its digest from then on.</summary>
    public void TriedInVain(int hashes)
    {
        lock (_lock)
            _allowed -= hashes;
    }
}
