using System.Collections.Concurrent;

namespace CalGateway.Access.Callers;

/// <summary>
/// What is known about hashes of the older form from one revision to the next: the keys that have come already, and how many trials are still allowed. Each
/// wrong key has to be tried against all those hashes; without a limit on trials, anybody could keep the gateway busy with wrong keys.
/// </summary>
internal sealed class OlderHashes
{
    /// <summary>Up to this many hashes are tried without limit: that costs no more than the rest of a request.</summary>
    public const int AlwaysTried = 16;

    /// <summary>How many failed trials are allowed at once, and how many more in each second: they take a hundredth of a processor.</summary>
    private const double MaxTrials = 4000;
    private const double TrialsPerSecond = 1000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, KeyDigest> _found = new(StringComparer.Ordinal);
    private double _allowed = MaxTrials;
    private DateTimeOffset _asOf;

    /// <summary>The digest of the key of a hash; null if the key has not come yet.</summary>
    public KeyDigest? DigestOf(KeyHash hash) => _found.TryGetValue(hash.ToString(), out var digest) ? digest : null;

    public void Found(KeyHash hash, KeyDigest digest) => _found[hash.ToString()] = digest;

    /// <summary>Forgets the hashes that are no longer in the settings.</summary>
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
            _allowed = Math.Min(MaxTrials, _allowed + (TrialsPerSecond * Math.Max(0, (now - _asOf).TotalSeconds)));
            _asOf = now;
            return _allowed > 0;
        }
    }

    /// <summary>Counts the trials of a wrong key. Those of a valid key are not counted: from then on it is found by its digest.</summary>
    public void CountFailed(int hashes)
    {
        lock (_lock)
            _allowed -= hashes;
    }
}
