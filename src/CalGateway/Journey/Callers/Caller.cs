using CalGateway.Journey.Routes;

namespace CalGateway.Journey.Callers;

/// <summary>By what a caller is known.</summary>
internal enum CallerKind
{
    /// <summary>By nothing.</summary>
    Anonymous,

    /// <summary>By being at this machine.</summary>
    Loopback,

    ApiKey,

    Jwt,
}

/// <summary>One of those who call, as a revision of the settings has it. The same object for each of its requests.</summary>
/// <param name="name">The consumer's; null for callers without one.</param>
/// <param name="kind">By what it is known.</param>
/// <param name="rights">Tells callers that may reach the same from others. What they may reach, and how often, are Access's parts.</param>
/// <param name="credential">The Cal.com account that signs for it.</param>
internal sealed class Caller(string? name, CallerKind kind, string rights, Credential credential)
{
    private readonly Parts<Caller> _parts = new();
    private AccessPartition _partition = new(credential.Current, kind, rights);

    public string? Name { get; } = name;

    public CallerKind Kind { get; } = kind;

    public Credential Credential { get; } = credential;

    /// <summary>What a room keeps of the caller; null where it keeps nothing.</summary>
    public T? Part<T>()
        where T : class => _parts.Find<T>();

    /// <summary>Adds a room's part, while the caller is made.</summary>
    public Caller With<T>(T? part)
        where T : class
    {
        _parts.Put(part);
        return this;
    }

    /// <summary>Another one as soon as the account's key is rotated; a request asks for it once.</summary>
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
/// Callers of the same partition may be given the same stored answer: the same key of the same account signs for them, they are
/// known in the same way and may reach the same. It is known before routing, so that a cache in front can ask for it.
/// </summary>
internal sealed class AccessPartition(Signature signature, CallerKind kind, string rights)
{
    /// <summary>The key as it was read: what signs is the same that the stored answers are found by.</summary>
    public Signature Signature { get; } = signature;

    /// <summary>The hash of the caller's own token, where that signs; null where an account of the gateway's does.</summary>
    public string? Owner { get; private init; }

    /// <summary>Part of every cache key.</summary>
    public string Text { get; private init; } = $"{signature.Fingerprint}.{kind}.{rights}";

    /// <param name="token">The caller's own.</param>
    /// <param name="hash">By which what is stored for it is found.</param>
    /// <param name="kind">By what the caller is known to the gateway.</param>
    /// <param name="rights">What it may reach, by the id of that.</param>
    public static AccessPartition OfToken(string token, string hash, CallerKind kind, string rights) =>
        new(new Signature(token), kind, rights) { Owner = hash, Text = $"token {hash}.{kind}.{rights}" };
}
