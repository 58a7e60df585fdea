namespace CalGateway.Catalogue.Matching;

/// <summary>
/// Walks the tree of paths beside the segments of a path, forgiving up to <see cref="MostFaults"/>: a mistyped letter is one,
/// a segment too many or a parameter left out is <see cref="Gap"/>. What costs more is not followed.
/// </summary>
internal sealed class NearMatchSearch
{
    public const int MostFaults = 4;
    public const int Gap = 3;

    /// <summary>Nodes entered and words compared. Faults soon end a branch: no path is known to take 300; this holds if one does.</summary>
    public const int MostSteps = 2_000;

    private readonly string[] segments;
    private readonly Dictionary<PathNode, Match> found = [];

    private NearMatchSearch(string[] segments) => this.segments = segments;

    public IEnumerable<Match> Found => found.Values;

    public int FewestFaults => found.Count == 0 ? int.MaxValue : found.Values.Min(match => match.Faults);

    public int Steps { get; private set; }

    public static NearMatchSearch Run(PathNode root, string[] segments)
    {
        var search = new NearMatchSearch(segments);
        search.Visit(new Match(root, Faults: 0, Words: 0), at: 0);
        return search;
    }

    private void Visit(Match match, int at)
    {
        if (match.Faults > MostFaults || !TakeStep())
            return;

        if (at == segments.Length)
            Keep(match);
        else
            Consume(match, at);

        if (match.Node.Parameter is { } leftOut)
            Visit(match with { Node = leftOut, Faults = match.Faults + Gap }, at);
    }

    private void Consume(Match match, int at)
    {
        foreach (var (literal, child) in match.Node.Literals)
        {
            var limit = Math.Min(Forgiven(literal), MostFaults - match.Faults);
            if (TakeStep() && EditDistance.Bounded(segments[at], literal, limit) is var faults && faults <= limit)
                Visit(new Match(child, match.Faults + faults, match.Words + 1), at + 1);
        }

        if (match.Node.Parameter is { } parameter)
            Visit(match with { Node = parameter }, at + 1);

        Visit(match with { Faults = match.Faults + Gap }, at + 1);
    }

    private void Keep(Match match)
    {
        if (match.Node.Operations.Count > 0 && (!found.TryGetValue(match.Node, out var earlier) || match.Faults < earlier.Faults))
            found[match.Node] = match;
    }

    private bool TakeStep() => Steps < MostSteps && ++Steps > 0;

    /// <summary>A letter in three, or else every short word is like every other.</summary>
    private static int Forgiven(string literal) => Math.Clamp(literal.Length / 3, 1, 3);

    /// <summary>A place in the tree, what it took to get there, and how many literal segments agreed on the way.</summary>
    internal readonly record struct Match(PathNode Node, int Faults, int Words);
}
