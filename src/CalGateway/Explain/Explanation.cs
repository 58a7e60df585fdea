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

    /// <summary>What answers in the gateway itself, where no route of the file matches: health, problems.</summary>
    public string? OwnEndpoint { get; init; }

    /// <summary>Who may ask.</summary>
    public IReadOnlyList<AccessExplanation>? Access { get; init; }

    /// <summary>The version that would be sent.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Why that version, and what the catalogue thinks of it.</summary>
    public string? Because { get; init; }

    /// <summary>Where it would be sent, without its query.</summary>
    public string? Upstream { get; init; }

    /// <summary>The request headers that would be sent, less the credential.</summary>
    public IReadOnlyList<string>? Sends { get; init; }

    /// <summary>The operation that the catalogue finds there.</summary>
    public string? Operation { get; init; }

    /// <summary><c>answers</c>, <c>older-shape</c>, <c>api-version-mismatch</c>, <c>unknown-endpoint</c> or <c>unknown</c>: what the catalogue expects.</summary>
    public string? Expected { get; init; }

    public CacheExplanation? Cache { get; init; }

    /// <summary>Which of Cal.com's 404s become a 502.</summary>
    public string? NotFound { get; init; }

    /// <summary>What to do where nothing matches or a miss is expected.</summary>
    public string? Remedy { get; init; }
}

/// <summary>Whether a caller may ask.</summary>
/// <param name="Caller">The consumer's name, or what stands for whoever is not known.</param>
/// <param name="Refused">The code of the problem that it would get; null where it may.</param>
/// <param name="Remedy">What would open it.</param>
internal sealed record AccessExplanation(string Caller, string? Refused, string? Remedy);

/// <summary>What the cache would do.</summary>
/// <param name="State"><c>none</c>, <c>cached</c> or <c>bypass</c>.</param>
/// <param name="Why">The detail of a bypass.</param>
/// <param name="Key">By which the answer is kept.</param>
/// <param name="Fresh">For how long it is served without asking.</param>
/// <param name="WhileRevalidate">For how long after that it is served while it is refreshed.</param>
/// <param name="IfError">For how long after that it is served where Cal.com fails.</param>
/// <param name="Stored">The age of what is stored now; null for nothing.</param>
internal sealed record CacheExplanation(
    string State, string? Why = null, string? Key = null, TimeSpan? Fresh = null, TimeSpan? WhileRevalidate = null, TimeSpan? IfError = null, TimeSpan? Stored = null);
