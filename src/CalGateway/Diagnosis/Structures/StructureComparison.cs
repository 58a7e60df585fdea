namespace CalGateway.Diagnosis.Structures;

/// <summary>What two answers to the same question differ in.</summary>
/// <param name="Differences">In the order of the paths of the first, then what is new.</param>
/// <param name="Noise">How many differences two equal reads showed as well, which are left out.</param>
/// <param name="NotCompared">Lists and objects of which one of the answers has nothing to compare, such as a list without items.</param>
/// <param name="ComparedPaths">How many paths with a value of their own were in both; none where there was no data.</param>
internal sealed record ComparedStructures(IReadOnlyList<StructureDifference> Differences, int Noise, IReadOnlyList<string> NotCompared, int ComparedPaths)
{
    public bool IsBreaking => Differences.Any(difference => difference.IsBreaking);

    /// <summary>Both answers had something to compare. A list that was empty and has items says nothing of what callers get.</summary>
    public bool HasData => ComparedPaths > 0 || Differences.Any(difference => difference.Kind != DifferenceKind.MoreItems);
}

/// <summary>Compares the structures of answers. A plain function: nothing is asked and nothing remembered.</summary>
internal static class StructureComparison
{
    public static ComparedStructures Compare(AnswerStructure before, AnswerStructure after)
    {
        var walk = ComparisonWalk.Of(before, after);
        return new ComparedStructures(LikelyRenames.Mark(walk.Differences, before.Root, after.Root), Noise: 0, walk.NotCompared, walk.ComparedPaths);
    }

    /// <summary>
    /// The answer after is compared with two equal reads before. What differs between those two is noise; what is left differs from both in the
    /// same way.
    /// </summary>
    public static ComparedStructures Compare(AnswerStructure before, AnswerStructure again, AnswerStructure after)
    {
        var first = ComparisonWalk.Of(before, after);
        var second = Keys(ComparisonWalk.Of(again, after));
        var noise = Keys(ComparisonWalk.Of(before, again));
        noise.UnionWith(Keys(ComparisonWalk.Of(again, before)));
        var kept = first.Differences.Where(difference => second.Contains((difference.Kind, difference.Path)) && !noise.Contains((difference.Kind, difference.Path))).ToList();
        return new ComparedStructures(
            LikelyRenames.Mark(kept, before.Root, after.Root), first.Differences.Count - kept.Count, first.NotCompared, first.ComparedPaths);
    }

    private static HashSet<(DifferenceKind, string)> Keys(ComparisonWalk walk) => [.. walk.Differences.Select(difference => (difference.Kind, difference.Path))];
}
