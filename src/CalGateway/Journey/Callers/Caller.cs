using CalGateway.Journey.Routes;

namespace CalGateway.Journey.Callers;

/// <summary>How a caller was identified.</summary>
internal enum CallerKind
{
    /// <summary>Not identified.</summary>
    Anonymous,

    /// <summary>By its address on this machine.</summary>
    Loopback,

    ApiKey,

    Jwt,
}

/// <summary>A caller that the settings know. All its requests have the same object, until an edit of the settings.</summary>
/// <param name="name">The consumer's name; null for a caller without one.</param>
/// <param name="kind">How it is identified.</param>
/// <param name="rights">An id of what it may call; callers with the same rights have the same id. The rights themselves are a part that Access adds.</param>
/// <param name="credential">The Cal.com account whose key signs its requests.</param>
internal sealed class Caller(string? name, CallerKind kind, string rights, Credential credential)
{
    private readonly Parts<Caller> _parts = new();
    private AccessPartition _partition = new(credential.Current, kind, rights);

    public string? Name { get; } = name;

    public CallerKind Kind { get; } = kind;

    public Credential Credential { get; } = credential;

    /// <summary>What a folder has attached to the caller; null for nothing.</summary>
    public T? Part<T>()
        where T : class => _parts.Find<T>();

    /// <summary>Adds the part of a folder. Only for use while the caller is made.</summary>
    public Caller With<T>(T? part)
        where T : class
    {
        _parts.Put(part);
        return this;
    }

    /// <summary>The caller's partition with the current key of its account. It changes when the key is rotated, so a request must read it only once.</summary>
    public AccessPartition Partition
    {
        get
        {
            var partition = Volatile.Read(ref _partition);
            var signature = Credential.Current;
            if (!ReferenceEquals(partition.Signature, signature))
                Volatile.Write(ref _partition, partition = new AccessPartition(signature, Kind, rights));
            return partition;
        }
    }
}

/// <summary>
/// Callers of the same partition may share stored answers: the same key signs for them, they are identified in the same way, and they have the same
/// rights. It is known before routing, because the cache in front of routing needs it.
/// </summary>
internal sealed class AccessPartition(Signature signature, CallerKind kind, string rights)
{
    /// <summary>The key as it was read. The same reading signs the request and finds stored answers.</summary>
    public Signature Signature { get; } = signature;

    /// <summary>The hash of the caller's own token, where that signs; null where a key of the gateway does.</summary>
    public string? Owner { get; private init; }

    /// <summary>Part of every cache key.</summary>
    public string Text { get; private init; } = $"{signature.Fingerprint}.{kind}.{rights}";

    /// <summary>The partition of a caller's own Cal.com token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="hash">The hash of the token, by which stored answers are found.</param>
    /// <param name="kind">How the gateway identified the caller.</param>
    /// <param name="rights">The id of the caller's rights.</param>
    public static AccessPartition OfToken(string token, string hash, CallerKind kind, string rights) =>
        new(new Signature(token), kind, rights) { Owner = hash, Text = $"token {hash}.{kind}.{rights}" };
}
