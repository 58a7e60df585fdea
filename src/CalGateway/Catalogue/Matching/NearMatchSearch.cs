namespace CalGateway.Catalogue.Matching;

/// <summary>
/// Searches the tree of paths for those that are like a given path, with at most <see cref="MaxMistakes"/> mistakes: a mistyped letter counts as one,
/// an extra segment or a missing parameter as <see cref="SegmentCost"/>.
/// </summary>
internal sealed class NearMatchSearch(string[] segments)
{
    public const int MaxMistakes = 4;
    public const int SegmentCost = 3;

    /// <summary>Limits the work: nodes visited and words compared. No known path needs 300, because mistakes soon end a branch.</summary>
    public const int MaxSteps = 2_000;

    private readonly Dictionary<PathNode, Match> found = [];

    public IEnumerable<Match> Found => found.Values;

    public int FewestMistakes => found.Count == 0 ? int.MaxValue : found.Values.Min(match => match.Mistakes);

    public int Steps { get; private set; }

    public static NearMatchSearch Run(PathNode root, string[] segments)
    {
        var search = new NearMatchSearch(segments);
        search.Visit(new Match(root, Mistakes: 0, Words: 0), at: 0);
        return search;
    }

    private void Visit(Match match, int at)
    {
        if (match.Mistakes > MaxMistakes || !TakeStep())
            return;

        if (at == segments.Length)
            Keep(match);
        else
            Consume(match, at);

        if (match.Node.Parameter is { } leftOut)
            Visit(match with { Node = leftOut, Mistakes = match.Mistakes + SegmentCost }, at);
    }

    private void Consume(Match match, int at)
    {
        foreach (var (literal, child) in match.Node.Literals)
        {
            var limit = Math.Min(AllowedMistakes(literal), MaxMistakes - match.Mistakes);
            if (TakeStep() && EditDistance.Bounded(segments[at], literal, limit) is var mistakes && mistakes <= limit)
                Visit(new Match(child, match.Mistakes + mistakes, match.Words + 1), at + 1);
        }

        if (match.Node.Parameter is { } parameter)
            Visit(match with { Node = parameter }, at + 1);

        Visit(match with { Mistakes = match.Mistakes + SegmentCost }, at + 1);
    }

    private void Keep(Match match)
    {
        if (match.Node.Operations.Count > 0 && (!found.TryGetValue(match.Node, out var earlier) || match.Mistakes < earlier.Mistakes))
            found[match.Node] = match;
    }

    private bool TakeStep() => Steps < MaxSteps && ++Steps > 0;

    /// <summary>At most one letter in three may be mistyped. With more, every short word would be like every other.</summary>
    private static int AllowedMistakes(string literal) => Math.Clamp(literal.Length / 3, 1, 3);

    /// <summary>A node of the tree, the mistakes on the way to it, and how many literal segments matched.</summary>
    internal readonly record struct Match(PathNode Node, int Mistakes, int Words);
}
