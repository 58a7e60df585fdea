namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// Pairs members that are gone with new ones that probably replace them: renamed, or moved into another object. It judges by type, name, position and whether
/// the values are the same. The result is a guess and is presented as one.
/// </summary>
internal static class LikelyRenames
{
    private const int MinCommonMembers = 3;
    private const int MinScore = 3;

    public static IReadOnlyList<StructureDifference> Mark(IReadOnlyList<StructureDifference> differences, StructureNode before, StructureNode after)
    {
        var gone = differences.Where(difference => difference.Kind == DifferenceKind.Gone).Select(difference => new Candidate(difference, Find(before, difference.Path))).ToList();
        var added = differences.Where(difference => difference.Kind == DifferenceKind.New).Select(difference => new Candidate(difference, Find(after, difference.Path))).ToList();
        if (gone.Count == 0 || added.Count == 0)
            return differences;

        var pairs = new Dictionary<StructureDifference, (string Path, Likelihood Likely)>(ReferenceEqualityComparer.Instance);
        foreach (var (from, to) in Moves(gone, added).Concat(gone.Concat(added).Select(candidate => (candidate.Parent, candidate.Parent))).Distinct())
            Pair([.. gone.Where(candidate => candidate.Parent == from)], [.. added.Where(candidate => candidate.Parent == to)], pairs);
        return [.. differences.Select(difference => pairs.TryGetValue(difference, out var pair) ? difference with { Counterpart = pair.Path, Likely = pair.Likely } : difference)];
    }

    /// <summary>Pairs of objects: one lost members, and the other has most of them as new ones.</summary>
    private static IEnumerable<(string From, string To)> Moves(List<Candidate> gone, List<Candidate> added)
    {
        var targets = added.GroupBy(candidate => candidate.Parent).ToList();
        foreach (var source in gone.GroupBy(candidate => candidate.Parent))
        {
            var best = targets
                .Select(target => (target.Key, Common: source.Select(candidate => candidate.Name).Intersect(target.Select(candidate => candidate.Name)).Count(), Least: Math.Min(source.Count(), target.Count())))
                .Where(target => target.Key != source.Key && target.Common >= MinCommonMembers && target.Common * 2 >= target.Least)
                .OrderByDescending(target => target.Common)
                .FirstOrDefault();
            if (best.Key is not null)
                yield return (source.Key, best.Key);
        }
    }

    /// <summary>Pairs equal names first, then the most likely renames. Each path is used once.</summary>
    private static void Pair(Candidate[] gone, Candidate[] added, Dictionary<StructureDifference, (string Path, Likelihood Likely)> pairs)
    {
        var scored =
            from was in gone
            where !pairs.ContainsKey(was.Difference)
            from isNow in added
            let score = Score(was, isNow, gone, added)
            where score >= MinScore
            orderby score descending, Math.Abs(was.Position - isNow.Position)
            select (was, isNow);
        foreach (var (was, isNow) in scored.ToList())
        {
            if (pairs.ContainsKey(was.Difference) || pairs.ContainsKey(isNow.Difference))
                continue;

            var likely = was.Name == isNow.Name ? Likelihood.Moved : Likelihood.Renamed;
            pairs[was.Difference] = (isNow.Difference.Path, likely);
            pairs[isNow.Difference] = (was.Difference.Path, likely);
        }
    }

    private static int Score(Candidate was, Candidate isNow, Candidate[] gone, Candidate[] added)
    {
        if (was.Difference.Before.WithoutNull() != isNow.Difference.After.WithoutNull() || was.Name[0] == '{' || isNow.Name[0] == '{')
            return 0;
        if (was.Name == isNow.Name)
            return 10;

        return (AreAlike(was.Name, isNow.Name) ? 2 : 0) + (HaveTheirValuesAlone(was.Node, isNow.Node, gone, added) ? 2 : 0) + (Math.Abs(was.Position - isNow.Position) <= 2 ? 1 : 0);
    }

    /// <summary>True where one name contains the other, such as length and lengthInMinutes.</summary>
    public static bool AreAlike(string one, string other) =>
        one.Contains(other, StringComparison.OrdinalIgnoreCase) || other.Contains(one, StringComparison.OrdinalIgnoreCase);

    /// <summary>Both paths have the same values, and no other candidate has them. A value such as 0 occurs in many places and proves nothing.</summary>
    private static bool HaveTheirValuesAlone(StructureNode? was, StructureNode? isNow, Candidate[] gone, Candidate[] added) =>
        HaveSameValues(was, isNow) && gone.Count(other => HaveSameValues(other.Node, isNow)) == 1 && added.Count(other => HaveSameValues(was, other.Node)) == 1;

    /// <summary>Booleans do not count: they have the same two values everywhere.</summary>
    private static bool HaveSameValues(StructureNode? was, StructureNode? isNow) =>
        was?.Scalars is { } before && isNow?.Scalars is { } after && was.Types.WithoutNull() != JsonTypes.Boolean
        && before.IsComplete && after.IsComplete && before.Distinct.SetEquals(after.Distinct);

    private static StructureNode? Find(StructureNode root, string path)
    {
        var node = root;
        foreach (var part in path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = part == "[]" ? node?.Item : node?.FindMember(part);
        }

        return node;
    }

    private sealed record Candidate(StructureDifference Difference, StructureNode? Node)
    {
        public string Parent { get; } = Difference.Path.LastIndexOf('.') is >= 0 and var end ? Difference.Path[..end] : "";

        public string Name { get; } = Difference.Path[(Difference.Path.LastIndexOf('.') + 1)..];

        public int Position => Node?.Position ?? 0;
    }
}
