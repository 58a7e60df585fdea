namespace CalGateway.Catalogue.Matching;

/// <summary>Suggestions for a request that Cal.com does not know: at most three operations, as in "GET /v2/event-types", closest first.</summary>
/// <param name="MissingV2Prefix">They were found by putting /v2 in front of the path.</param>
/// <param name="Steps">The work that the search took. It is limited, whatever the path.</param>
internal sealed record NearMatches(IReadOnlyList<string> Suggestions, bool MissingV2Prefix, int Steps)
{
    public const int MaxSuggestions = 3;

    /// <summary>Longer paths get no suggestions. The longest template has about a hundred characters.</summary>
    public const int MaxPathLength = 512;

    /// <summary>Deeper paths get no suggestions. The deepest template has nine segments.</summary>
    public const int MaxPathSegments = 16;

    /// <summary>Suggestions that have this many mistakes more than the best one are dropped. Another method counts as one.</summary>
    private const int MaxMistakesBehindBest = 3;

    public static NearMatches Of(PathNode root, string method, string path)
    {
        var segments = path.Length > MaxPathLength ? [] : path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length is 0 or > MaxPathSegments)
            return new NearMatches([], MissingV2Prefix: false, Steps: 0);

        var asWritten = NearMatchSearch.Run(root, segments);
        if (segments[0].Equals("v2", StringComparison.OrdinalIgnoreCase) || !root.Literals.TryGetValue("v2", out var v2))
            return new NearMatches(Rank(asWritten, method), MissingV2Prefix: false, asWritten.Steps);

        var prefixed = NearMatchSearch.Run(v2, segments);
        var missing = prefixed.FewestMistakes < asWritten.FewestMistakes;
        return new NearMatches(Rank(missing ? prefixed : asWritten, method), missing, asWritten.Steps + prefixed.Steps);
    }

    /// <summary>Fewest mistakes first, then paths that have the method, then those with the most matching segments.</summary>
    private static string[] Rank(NearMatchSearch search, string method)
    {
        var asked = RequestMethod.AnsweredAs(method).ToString();
        var ranked = search.Found
            .Select(match => (match.Mistakes, match.Words, match.Node.Operations, Same: match.Node.OperationFor(asked)))
            .OrderBy(match => match.Mistakes)
            .ThenBy(match => match.Same is null)
            .ThenByDescending(match => match.Words)
            .ToList();
        var best = ranked.Select(match => Cost(match.Mistakes, match.Same)).DefaultIfEmpty().Min();
        return [.. ranked
            .Where(match => Cost(match.Mistakes, match.Same) < best + MaxMistakesBehindBest)
            .SelectMany(match => match.Same is { } same ? [same] : match.Operations)
            .Select(operation => operation.ToString())
            .Take(MaxSuggestions)];
    }

    private static int Cost(int mistakes, Operation? same) => same is null ? mistakes + 1 : mistakes;
}
