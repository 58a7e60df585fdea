namespace CalGateway.Explain;

/// <summary>How a request would be handled. The properties that are null do not apply.</summary>
internal sealed record Explanation
{
    public required string Method { get; init; }

    /// <summary>The path as it would reach the gateway.</summary>
    public required string Path { get; init; }

    /// <summary>The corrections that were made to the described request.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required string Revision { get; init; }

    /// <summary>The route's id in the file; null where none matches.</summary>
    public string? Route { get; init; }

    public string? Pattern { get; init; }

    /// <summary>The routes that the same path would take with another method, host, header or query; null for none.</summary>
    public IReadOnlyList<OtherRoute>? OtherRoutes { get; init; }

    /// <summary>The gateway's own endpoint that answers, such as health or problem pages, where no route matches.</summary>
    public string? OwnEndpoint { get; init; }

    /// <summary>Whose credential the route sends to Cal.com: <c>gateway</c>, <c>caller</c> or <c>none</c>.</summary>
    public string? Credential { get; init; }

    public IReadOnlyList<AccessExplanation>? Access { get; init; }

    public LimitsExplanation? Limits { get; init; }

    /// <summary>What the request would find of the key's quota at Cal.com; null for other clusters.</summary>
    public string? Quota { get; init; }

    /// <summary>Whether requests with the key pass to Cal.com, and how many are there; null for other clusters.</summary>
    public string? Circuit { get; init; }

    /// <summary>For the verb alone: from which running gateway <see cref="Quota"/>, <see cref="Circuit"/> and <see cref="Cache"/> are, or why from none.</summary>
    public string? Live { get; init; }

    /// <summary>The route's transforms in the file. Routes to Cal.com have the gateway's own too; see <see cref="Order"/>.</summary>
    public IReadOnlyList<string>? Transforms { get; init; }

    /// <summary>All transforms in the order in which they run; null where the gateway adds none.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    public string? ApiVersion { get; init; }

    /// <summary>True where the version is the caller's own, which the route allows; null where it is the pin.</summary>
    public bool? CallersVersion { get; init; }

    /// <summary>The consumer whose own version for the route is sent; null where it is the pin or the caller's own.</summary>
    public string? ConsumersVersion { get; init; }

    /// <summary>The caller for which the rest is explained: the first that is allowed, or the one that was named.</summary>
    public string? Caller { get; init; }

    /// <summary>The line of the file that sets the version.</summary>
    public string? PinnedAt { get; init; }

    /// <summary>At which other version such reads are asked as well, and of how many, in words; null where they are not.</summary>
    public string? Shadow { get; init; }

    /// <summary>Why this version is sent, and what the catalogue knows about it.</summary>
    public string? Because { get; init; }

    /// <summary>The address to which it would be sent, without query.</summary>
    public string? Upstream { get; init; }

    /// <summary>The request headers that would be sent, without the value of the credential.</summary>
    public IReadOnlyList<string>? Sends { get; init; }

    public string? Operation { get; init; }

    /// <summary>
    /// The answer to expect: <c>answers</c>, <c>older-shape</c>, <c>unknown</c>, the code of a problem, or <c>204</c> for an OPTIONS.
    /// Where every caller is refused with the same problem, its code.
    /// </summary>
    public string? Expected { get; init; }

    public CacheExplanation? Cache { get; init; }

    /// <summary>Which of Cal.com's 404s are turned into a 502.</summary>
    public string? NotFound { get; init; }

    /// <summary>What to do where no route matches, every caller is refused, or a 404 is expected.</summary>
    public string? Remedy { get; init; }
}

/// <summary>How the cache would handle the request.</summary>
/// <param name="State"><c>none</c>, <c>cached</c> or <c>bypass</c>.</param>
/// <param name="Why">Why the cache is bypassed.</param>
/// <param name="Key">The key of the stored answer.</param>
/// <param name="Fresh">How long an answer is served without asking Cal.com.</param>
/// <param name="WhileRevalidate">How long after that it is served while it is refreshed.</param>
/// <param name="IfError">How long it is served when Cal.com fails.</param>
/// <param name="Stored">The age of the answer that is stored now; null for none.</param>
/// <param name="Phase">The window in which this age lies.</param>
/// <param name="Ttl">The seconds until the stored answer is stale; negative once it is.</param>
internal sealed record CacheExplanation(
    string State, string? Why = null, string? Key = null, TimeSpan? Fresh = null, TimeSpan? WhileRevalidate = null, TimeSpan? IfError = null, TimeSpan? Stored = null,
    string? Phase = null, long? Ttl = null);
