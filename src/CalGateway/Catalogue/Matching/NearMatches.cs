namespace CalGateway.Catalogue.Matching;

/// <summary>
/// What may have been meant by a request that Cal.com does not know: at most three operations, as in "GET /v2/event-types", closest first.
/// <paramref name="MissingV2Prefix"/>: they were found by putting /v2 in front of the path.
/// <paramref name="Steps"/>: the work it took, which does not grow with the path.
/// </summary>
internal sealed record NearMatches(IReadOnlyList<string> Suggestions, bool MissingV2Prefix, int Steps)
{
    /// <summary>How many suggestions are given.</summary>
    public const int Most = 3;

    /// <summary>In characters. Longer paths are nobody's slip of the pen; the longest template has about a hundred.</summary>
    public const int LongestPath = 512;

    /// <summary>In segments; the deepest template has nine.</summary>
    public const int DeepestPath = 16;

    /// <summary>A suggestion with this many faults more than the best would only distract from it. Another method counts as one.</summary>
    private const int TooFarBehind = 3;

    public static NearMatches Of(PathNode root, string method, string path)
    {
        var segments = path.Length > LongestPath ? [] : path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length is 0 or > DeepestPath)
            return new NearMatches([], MissingV2Prefix: false, Steps: 0);

        var asWritten = NearMatchSearch.Run(root, segments);
        if (segments[0].Equals("v2", StringComparison.OrdinalIgnoreCase) || !root.Literals.TryGetValue("v2", out var v2))
            return new NearMatches(Rank(asWritten, method), MissingV2Prefix: false, asWritten.Steps);

        var prefixed = NearMatchSearch.Run(v2, segments);
        var missing = prefixed.FewestFaults < asWritten.FewestFaults;
        return new NearMatches(Rank(missing ? prefixed : asWritten, method), missing, asWritten.Steps + prefixed.Steps);
    }

    /// <summary>Fewest faults first, then paths that have the method, then those that keep most of the words.</summary>
    private static string[] Rank(NearMatchSearch search, string method)
    {
        var asked = RequestMethod.AnsweredAs(method).ToString();
        var ranked = search.Found
            .Select(match => (match.Faults, match.Words, match.Node.Operations, Same: match.Node.OperationFor(asked)))
            .OrderBy(match => match.Faults)
            .ThenBy(match => match.Same is null)
            .ThenByDescending(match => match.Words)
            .ToList();
        var best = ranked.Select(match => Cost(match.Faults, match.Same)).DefaultIfEmpty().Min();
        return [.. ranked
            .Where(match => Cost(match.Faults, match.Same) < best + TooFarBehind)
            .SelectMany(match => match.Same is { } same ? [same] : match.Operations)
            .Select(operation => operation.ToString())
            .Take(Most)];
    }

    private static int Cost(int faults, Operation? same) => same is null ? faults + 1 : faults;
}
