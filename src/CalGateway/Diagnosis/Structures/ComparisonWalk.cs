namespace CalGateway.Diagnosis.Structures;

/// <summary>Walks through two structures and collects the differences.</summary>
internal sealed class ComparisonWalk
{
    private const string ItemsSuffix = "[]";

    private readonly List<StructureDifference> _differences = [];
    private readonly List<string> _notCompared = [];
    private readonly bool _areWhole;

    private ComparisonWalk(bool areWhole) => _areWhole = areWhole;

    public IReadOnlyList<StructureDifference> Differences => _differences;

    public IReadOnlyList<string> NotCompared => _notCompared;

    public int ComparedPaths { get; private set; }

    public static ComparisonWalk Of(AnswerStructure before, AnswerStructure after)
    {
        var walk = new ComparisonWalk(before.Fault == StructureFault.None && after.Fault == StructureFault.None);
        walk.Visit("", before.Root, after.Root, isEnvelope: false);
        if (PaginationStyle.Compare(before.Root, after.Root) is { } repaginated)
            walk._differences.Add(repaginated);
        return walk;
    }

    private void Visit(string path, StructureNode before, StructureNode after, bool isEnvelope)
    {
        if (before.IsMap != after.IsMap)
            (before, after) = (before.Folded(), after.Folded());
        CompareTypes(path, before, after);
        CompareValues(path, before, after, isEnvelope);
        CompareMembers(path, before, after);
        CompareItems(path, before, after);
    }

    private void CompareTypes(string path, StructureNode before, StructureNode after)
    {
        var (was, isNow) = (before.Types.WithoutNull(), after.Types.WithoutNull());
        if (was == JsonTypes.None && isNow != JsonTypes.None && before.Types != JsonTypes.None)
            Add(DifferenceKind.FilledNow, path, before, after);
        else if (was != JsonTypes.None && isNow != JsonTypes.None && (isNow & ~was) != JsonTypes.None)
            Add(DifferenceKind.Retyped, path, before, after);
        if (was != JsonTypes.None && !before.Types.HasFlag(JsonTypes.Null) && after.Types.HasFlag(JsonTypes.Null))
            Add(DifferenceKind.NullableNow, path, before, after);
    }

    private void CompareValues(string path, StructureNode before, StructureNode after, bool isEnvelope)
    {
        if (before.Scalars is null || after.Scalars is null)
            return;

        ComparedPaths += isEnvelope ? 0 : 1;
        if (!before.Scalars.CanBeEnumeration || !after.Scalars.CanBeEnumeration || before.Scalars.Count != after.Scalars.Count)
            return;

        AddValues(DifferenceKind.ValuesGone, path, before.Scalars.Distinct.Count(value => !after.Scalars.Distinct.Contains(value)));
        AddValues(DifferenceKind.ValuesNew, path, after.Scalars.Distinct.Count(value => !before.Scalars.Distinct.Contains(value)));
    }

    private void CompareMembers(string path, StructureNode before, StructureNode after)
    {
        if (!before.Types.HasFlag(JsonTypes.Object) && !after.Types.HasFlag(JsonTypes.Object))
            return;

        foreach (var (name, member) in before.Members)
        {
            var place = Join(path, name);
            if (after.Members.TryGetValue(name, out var now))
                VisitMember(place, (before, member), (after, now), IsEnvelope(path, name, before, after));
            else if (IsMissing(name, after))
                AddSubtree(DifferenceKind.Gone, place, member);
            else if (!after.IsMap)
                _notCompared.Add(place);
        }

        foreach (var (name, member) in after.Members)
        {
            if (!before.Members.ContainsKey(name) && IsMissing(name, before))
                AddSubtree(DifferenceKind.New, Join(path, name), member);
        }
    }

    private void VisitMember(string place, (StructureNode Object, StructureNode Member) before, (StructureNode Object, StructureNode Member) after, bool isEnvelope)
    {
        if (before.Member.Seen >= before.Object.WholeObjects && before.Object.WholeObjects > 0 && after.Member.Seen < after.Object.WholeObjects && !IsFolded(place))
            Add(DifferenceKind.OptionalNow, place, before.Member, after.Member);
        Visit(place, before.Member, after.Member, isEnvelope);
    }

    private void CompareItems(string path, StructureNode before, StructureNode after)
    {
        if (!before.Types.HasFlag(JsonTypes.List) || !after.Types.HasFlag(JsonTypes.List))
        {
            AddItems(DifferenceKind.Gone, path, before);
            AddItems(DifferenceKind.New, path, after);
            return;
        }

        var place = path + ItemsSuffix;
        if (_areWhole && before.Seen == after.Seen && before.Items != after.Items)
            _differences.Add(new StructureDifference(before.Items > after.Items ? DifferenceKind.FewerItems : DifferenceKind.MoreItems, place) { Count = before.Items, CountAfter = after.Items });
        if (before.Item is null || after.Item is null)
        {
            _notCompared.Add(place);
            return;
        }

        if (ItemOrder.Differs(before.Item, after.Item))
            _differences.Add(new StructureDifference(DifferenceKind.Reordered, place));
        Visit(place, before.Item, after.Item, isEnvelope: false);
    }

    /// <summary>
    /// A member is missing only where objects were read completely. A key that is data is missing only where other keys are there instead: an empty map is no
    /// difference.
    /// </summary>
    private static bool IsMissing(string name, StructureNode node) => !node.IsPartial
        && (name[0] == '{' ? node.Members.Count > 0 && !node.IsMap : node.WholeObjects > 0 || (node.Types.WithoutNull() & ~JsonTypes.Object) != JsonTypes.None);

    /// <summary>In <c>{ status, data }</c> only the content of <c>data</c> counts as data.</summary>
    private static bool IsEnvelope(string path, string name, StructureNode before, StructureNode after) =>
        path.Length == 0 && name != "data" && before.Members.ContainsKey("data") && after.Members.ContainsKey("data");

    private void AddItems(DifferenceKind kind, string path, StructureNode node)
    {
        if (node.Types.HasFlag(JsonTypes.List) && node.Item is not null)
            AddSubtree(kind, path + ItemsSuffix, node.Item);
    }

    /// <summary>Adds a difference for a path and all paths below it. For an object in a list, only its members are listed.</summary>
    private void AddSubtree(DifferenceKind kind, string path, StructureNode node)
    {
        if (!path.EndsWith(ItemsSuffix, StringComparison.Ordinal) || node.Types.IsScalar())
            _differences.Add(new StructureDifference(kind, path) { Before = kind == DifferenceKind.Gone ? node.Types : default, After = kind == DifferenceKind.Gone ? default : node.Types });
        foreach (var (name, member) in node.Members)
            AddSubtree(kind, Join(path, name), member);
        AddItems(kind, path, node);
    }

    private void Add(DifferenceKind kind, string path, StructureNode before, StructureNode after) =>
        _differences.Add(new StructureDifference(kind, path) { Before = before.Types, After = after.Types });

    private void AddValues(DifferenceKind kind, string path, int count)
    {
        if (count > 0)
            _differences.Add(new StructureDifference(kind, path) { Count = count });
    }

    private static bool IsFolded(string place) => place.EndsWith('}');

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
