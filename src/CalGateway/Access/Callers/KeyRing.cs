using System.Collections.Concurrent;
using System.Text;
using CalGateway.Journey.Callers;

namespace CalGateway.Access.Callers;

/// <summary>A key of a caller.</summary>
internal sealed record CallerKey(KeyHash Hash, DateTimeOffset? Expires, Caller Caller)
{
    public bool IsValidAt(DateTimeOffset now) => Expires is not { } end || now < end;
}

/// <summary>
/// Finds the caller of a key with one look-up of the key's digest, whatever the number of keys. Hashes of the older form are tried one by one until their key
/// has come once; wrong keys that were tried are remembered.
/// </summary>
internal sealed class KeyRing
{
    private const int MaxKeyLength = 512;
    private const int MaxWrongKeys = 4096;

    private readonly IReadOnlyList<CallerKey> _keys;
    private readonly OlderHashes _older;
    private readonly ConcurrentDictionary<KeyDigest, CallerKey> _byDigest = new();
    private readonly ConcurrentDictionary<KeyDigest, bool> _wrong = new();
    private readonly Lock _lock = new();
    private CallerKey[] _untried;

    public KeyRing(IReadOnlyList<CallerKey> keys, OlderHashes older)
    {
        _keys = keys;
        _older = older;
        older.Keep(keys.Where(key => key.Hash.Digest is null).Select(key => key.Hash.ToString()).ToHashSet(StringComparer.Ordinal));
        var untried = new List<CallerKey>();
        foreach (var key in keys)
        {
            if ((key.Hash.Digest ?? older.DigestOf(key.Hash)) is { } digest)
                _byDigest[digest] = key;
            else
                untried.Add(key);
        }

        _untried = [.. untried];
    }

    /// <summary>All callers that have a key.</summary>
    public IEnumerable<Caller> Callers => _keys.Select(key => key.Caller).Distinct();

    public bool IsEmpty => _keys.Count == 0;

    /// <summary>Whether a valid key may be refused for a moment, because too many wrong keys have been tried.</summary>
    public bool IsOutOfTrials(DateTimeOffset now) => Volatile.Read(ref _untried) is { Length: > 0 } untried && !_older.MayTry(untried.Length, now);

    /// <summary>Null for a key that is unknown or has expired.</summary>
    public Caller? Find(ReadOnlySpan<char> presented, DateTimeOffset now)
    {
        Span<byte> utf8 = stackalloc byte[MaxKeyLength];
        if (!Encoding.UTF8.TryGetBytes(presented, utf8, out var length))
            return null;

        var digest = KeyDigest.Of(utf8[..length]);
        var key = _byDigest.TryGetValue(digest, out var known) ? known : Try(utf8[..length], digest, now);
        return key?.IsValidAt(now) == true ? key.Caller : null;
    }

    private CallerKey? Try(ReadOnlySpan<byte> key, KeyDigest digest, DateTimeOffset now)
    {
        var untried = Volatile.Read(ref _untried);
        if (untried.Length == 0 || _wrong.ContainsKey(digest) || !_older.MayTry(untried.Length, now))
            return null;

        CallerKey? match = null;
        foreach (var candidate in untried)
        {
            if (candidate.Hash.Matches(key) && match?.IsValidAt(now) != true)
                match = candidate;
        }

        if (match is null)
            Remember(digest, untried.Length);
        else
            Move(match, digest);
        return match;
    }

    private void Remember(KeyDigest wrong, int tried)
    {
        _older.CountFailed(tried);
        if (_wrong.Count >= MaxWrongKeys)
            _wrong.Clear();
        _wrong[wrong] = true;
    }

    /// <summary>The key is found by its digest from now on, and no other key has to be tried against its hash.</summary>
    private void Move(CallerKey found, KeyDigest digest)
    {
        _older.Found(found.Hash, digest);
        _byDigest[digest] = found;
        lock (_lock)
            Volatile.Write(ref _untried, [.. _untried.Where(key => key != found)]);
    }
}
