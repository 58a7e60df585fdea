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
        foreach (var key in keys.OrderBy(key => key.Hash.Digest is not null)) // of two hashes of one key the newer form counts, now as after a restart
        {
            if ((key.Hash.Digest ?? older.DigestOf(key.Hash)) is { } digest)
                _byDigest[digest] = key;
            else
                untried.Add(key);
        }

        _untried = [.. untried];
    }

    public IEnumerable<Caller> Callers => _keys.Select(key => key.Caller).Distinct();

    public bool IsEmpty => _keys.Count == 0;

    /// <summary>Null for a key that is unknown or has expired.</summary>
    /// <param name="mayBeToken">It came where a token of Cal.com's may come.</param>
    public Caller? Find(ReadOnlySpan<char> presented, DateTimeOffset now, bool mayBeToken = false) =>
        Look(presented, now, mayBeToken).Key is { } key && key.IsValidAt(now) ? key.Caller : null;

    /// <summary>Whether what is unknown may yet be a key, because too many wrong keys have come to try it.</summary>
    public bool IsUntried(ReadOnlySpan<char> presented, DateTimeOffset now, bool mayBeToken) =>
        Volatile.Read(ref _untried).Length > TrialBudget.AlwaysTried && Look(presented, now, mayBeToken).IsUntried;

    /// <summary>Whether a token is a key of the gateway, expired or not; null if that cannot be told now, because too many have come to try it.</summary>
    public bool? Has(ReadOnlySpan<char> token, DateTimeOffset now) => Look(token, now, mayBeToken: true) switch
    {
        { Key: not null } => true,
        { IsUntried: true } => null,
        _ => false,
    };

    private (CallerKey? Key, bool IsUntried) Look(ReadOnlySpan<char> presented, DateTimeOffset now, bool mayBeToken)
    {
        Span<byte> utf8 = stackalloc byte[KeyShape.MaxLength];
        if (!Encoding.UTF8.TryGetBytes(presented, utf8, out var length))
            return default;

        var digest = KeyDigest.Of(utf8[..length]);
        if (_byDigest.TryGetValue(digest, out var known))
            return (known, false);

        var untried = Volatile.Read(ref _untried);
        if (untried.Length == 0 || _wrong.ContainsKey(digest) || (mayBeToken && untried.Length > TrialBudget.AlwaysTried && !KeyShape.IsPossible(presented)))
            return default;

        var budget = mayBeToken ? _older.OfTokens : _older.OfKeys;
        return budget.MayTry(untried.Length, now) ? (Try(utf8[..length], digest, untried, budget, now), false) : (null, true);
    }

    private CallerKey? Try(ReadOnlySpan<byte> key, KeyDigest digest, CallerKey[] untried, TrialBudget budget, DateTimeOffset now)
    {
        CallerKey? match = null;
        foreach (var candidate in untried)
        {
            if (candidate.Hash.Matches(key) && match?.IsValidAt(now) != true)
                match = candidate;
        }

        if (match is not null)
        {
            Move(match, digest);
            return match;
        }

        budget.CountFailed(untried.Length);
        Remember(digest);
        return null;
    }

    private void Remember(KeyDigest wrong)
    {
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
