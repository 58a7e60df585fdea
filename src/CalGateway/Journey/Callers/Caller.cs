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
/// <param name="rights">An id of what it may call; callers with the same rights have the same id. The rights themselves are a part that Access adds.</param>
/// <param name="credential">The Cal.com account whose key signs its requests.</param>
/// <param name="versions">An id of the versions at which it gets routes; callers with the same versions have the same id. Empty where it gets every route at its pin.</param>
internal sealed class Caller(string? name, CallerKind kind, string rights, Credential credential, string versions = "") : Extensible<Caller>
{
    private AccessPartition _partition = new(credential.Current, kind, rights, versions);

    public string? Name { get; } = name;

    /// <summary>The weight of its share of a key's quota against the others'.</summary>
    public double Share { get; init; } = 1;

    public CallerKind Kind { get; } = kind;

    public Credential Credential { get; } = credential;

    /// <summary>The caller's partition with the current key of its account. It changes when the key is rotated, so a request must read it only once.</summary>
    public AccessPartition Partition
    {
        get
        {
            var partition = Volatile.Read(ref _partition);
            var signature = Credential.Current;
            if (!ReferenceEquals(partition.Signature, signature))
                Volatile.Write(ref _partition, partition = new AccessPartition(signature, Kind, rights, versions));
            return partition;
        }
    }
}

/// <summary>
/// Callers of the same partition may share stored answers: the same key signs for them, they are identified in the same way, and they have the same
/// rights. It is known before routing, because the cache in front of routing needs it.
/// </summary>
internal sealed class AccessPartition
{
    /// <param name="rights">The id of their rights.</param>
    /// <param name="versions">The id of the versions at which they get routes; empty for the pins.</param>
    public AccessPartition(Signature signature, CallerKind kind, string rights, string versions = "")
    {
        Signature = signature;
        Text = $"{signature.Fingerprint}.{kind}.{rights}";
        TextBeforeRouting = versions.Length == 0 ? Text : $"{Text}@{versions}";
    }

    /// <summary>The key as it was read. The same reading signs the request and finds stored answers.</summary>
    public Signature Signature { get; }

    /// <summary>The hash of the caller's own token, where that signs; null where a key of the gateway does.</summary>
    public string? Owner { get; private init; }

    /// <summary>Part of every cache key, beside the version where that is not the route's pin.</summary>
    public string Text { get; private init; }

    /// <summary>
    /// As <see cref="Text"/>, for use before routing, when the route and with it the version is not known yet. It has the id of the consumer's versions, so that
    /// consumers with different versions share nothing there, not even on routes that they get at the same one.
    /// </summary>
    public string TextBeforeRouting { get; private init; }

    /// <summary>The partition of a caller's own Cal.com token.</summary>
    /// <param name="hash">The hash of the token, by which stored answers are found.</param>
    /// <param name="rights">The id of the caller's rights.</param>
    public static AccessPartition OfToken(string token, string hash, CallerKind kind, string rights) =>
        new(new Signature(token), kind, rights) { Owner = hash, Text = $"token {hash}.{kind}.{rights}", TextBeforeRouting = $"token {hash}.{kind}.{rights}" };
}
