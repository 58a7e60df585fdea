namespace CalGateway.Diagnosis.Structures;

/// <summary>The differences between two answers to the same request.</summary>
/// <param name="Differences">In the order of the first answer's paths, then the new paths.</param>
/// <param name="Noise">The number of differences that were left out because two reads at the same version showed them as well.</param>
/// <param name="NotCompared">Paths where one answer has no content to compare, such as an empty list.</param>
/// <param name="ComparedPaths">The number of paths with a value in both answers; 0 where there was no data.</param>
internal sealed record ComparedStructures(IReadOnlyList<StructureDifference> Differences, int Noise, IReadOnlyList<string> NotCompared, int ComparedPaths)
{
    public bool IsBreaking => Differences.Any(difference => difference.IsBreaking);

    /// <summary>True where both answers had content to compare. A list that was empty before and has items now shows nothing about the version.</summary>
    public bool HasData => ComparedPaths > 0 || Differences.Any(difference => difference.Kind != DifferenceKind.MoreItems);
}

/// <summary>Compares the structures of answers. A pure function.</summary>
internal static class StructureComparison
{
    public static ComparedStructures Compare(AnswerStructure before, AnswerStructure after)
    {
        var walk = ComparisonWalk.Of(before, after);
        return new ComparedStructures(LikelyRenames.Mark(walk.Differences, before.Root, after.Root), Noise: 0, walk.NotCompared, walk.ComparedPaths);
    }

    /// <summary>
    /// Compares an answer with two earlier reads at one version. Differences between those two are noise; what remains differs from both in the same way.
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
