using CalGateway.Journey.Callers;

namespace CalGateway.Explain;

/// <summary>What would become of a request. Nothing was sent.</summary>
internal sealed record Explanation
{
    public required string Method { get; init; }

    /// <summary>As it would arrive.</summary>
    public required string Path { get; init; }

    /// <summary>What was put right about the question.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required string Revision { get; init; }

    /// <summary>The route's id in the file; null where none matches.</summary>
    public string? Route { get; init; }

    /// <summary>The route's pattern.</summary>
    public string? Pattern { get; init; }

    /// <summary>The routes that the path could take with another method, host, header or query; empty for none.</summary>
    public IReadOnlyList<OtherRoute>? OtherRoutes { get; init; }

    /// <summary>What answers in the gateway itself, where no route of the file matches: health, problems.</summary>
    public string? OwnEndpoint { get; init; }

    /// <summary>Whose credential the route sends to Cal.com: <c>gateway</c>, <c>caller</c> or <c>none</c>.</summary>
    public string? Credential { get; init; }

    /// <summary>Who may ask.</summary>
    public IReadOnlyList<AccessExplanation>? Access { get; init; }

    public LimitsExplanation? Limits { get; init; }

    /// <summary>The route's, as the file has them; every route to Cal.com has the gateway's own besides.</summary>
    public IReadOnlyList<string>? Transforms { get; init; }

    /// <summary>In which order they and the gateway's own take effect; null where the gateway adds none.</summary>
    public IReadOnlyList<string>? Order { get; init; }

    /// <summary>The version that would be sent.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>It is the caller's own, which the route lets stand; null where it is the pin.</summary>
    public bool? CallersVersion { get; init; }

    /// <summary>The line that pins it.</summary>
    public string? PinnedAt { get; init; }

    /// <summary>Why that version, and what the catalogue thinks of it.</summary>
    public string? Because { get; init; }

    /// <summary>Where it would be sent, without its query.</summary>
    public string? Upstream { get; init; }

    /// <summary>The request headers that would be sent, less the credential.</summary>
    public IReadOnlyList<string>? Sends { get; init; }

    /// <summary>The operation that the catalogue finds there.</summary>
    public string? Operation { get; init; }

    /// <summary>
    /// What the catalogue expects: <c>answers</c>, <c>older-shape</c>, <c>unknown</c>, or the code of a problem; <c>204</c> for an OPTIONS.
    /// Where everybody is refused alike, the code of that.
    /// </summary>
    public string? Expected { get; init; }

    public CacheExplanation? Cache { get; init; }

    /// <summary>Which of Cal.com's 404s become a 502.</summary>
    public string? NotFound { get; init; }

    /// <summary>What to do where nothing matches, everybody is refused or a miss is expected.</summary>
    public string? Remedy { get; init; }
}

/// <summary>What the cache would do.</summary>
/// <param name="State"><c>none</c>, <c>cached</c> or <c>bypass</c>.</param>
/// <param name="Why">The detail of a bypass.</param>
/// <param name="Key">By which the answer is kept.</param>
/// <param name="Fresh">For how long it is served without asking.</param>
/// <param name="WhileRevalidate">For how long after that it is served while it is refreshed.</param>
/// <param name="IfError">For how long after that it is served where Cal.com fails.</param>
/// <param name="Stored">The age of what is stored now; null for nothing.</param>
/// <param name="Phase">In which of the windows that is.</param>
/// <param name="Ttl">For how many seconds more it is fresh; negative once it is stale.</param>
internal sealed record CacheExplanation(
    string State, string? Why = null, string? Key = null, TimeSpan? Fresh = null, TimeSpan? WhileRevalidate = null, TimeSpan? IfError = null, TimeSpan? Stored = null,
    string? Phase = null, long? Ttl = null);
