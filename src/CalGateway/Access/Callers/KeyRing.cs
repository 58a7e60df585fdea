using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.Access.Callers;

/// <summary>One key that opens, until it expires.</summary>
internal sealed record CallerKey(KeyHash Hash, DateTimeOffset? Expires, Caller Caller)
{
    public bool IsValidAt(DateTimeOffset now) => Expires is not { } end || now < end;
}

/// <summary>
/// Whose key was presented. Every hash is compared, match or not, so that the time tells nothing; a key that has been found once is
/// found again by one keyed hash that is this process's own. Only valid keys are remembered, so that there are never more than configured.
/// </summary>
internal sealed class KeyRing(IReadOnlyList<CallerKey> keys)
{
    private const int LongestKey = 512;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<UInt128, CallerKey> _found = new();

    /// <summary>Everybody who has a key.</summary>
    public IEnumerable<Caller> Callers => keys.Select(key => key.Caller).Distinct();

    public bool IsEmpty => keys.Count == 0;

    /// <summary>Null for a key that is nobody's, or no longer.</summary>
    public Caller? Find(ReadOnlySpan<char> presented, DateTimeOffset now)
    {
        Span<byte> utf8 = stackalloc byte[LongestKey];
        if (!Encoding.UTF8.TryGetBytes(presented, utf8, out var length))
            return null;

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, utf8[..length], hash);
        var fingerprint = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        if (_found.TryGetValue(fingerprint, out var known) && known.IsValidAt(now))
            return known.Caller;

        if (Match(utf8[..length], now) is not { } match)
            return null;
        _found[fingerprint] = match;
        return match.Caller;
    }

    private CallerKey? Match(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        CallerKey? match = null;
        foreach (var candidate in keys)
        {
            if (candidate.Hash.Matches(key) & candidate.IsValidAt(now))
                match = candidate;
        }

        return match;
    }
}
