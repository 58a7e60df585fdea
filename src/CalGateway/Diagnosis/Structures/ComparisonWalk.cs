namespace CalGateway.Diagnosis.Structures;

/// <summary>Goes through two structures at once and notes what differs.</summary>
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
            Note(DifferenceKind.FilledNow, path, before, after);
        else if (was != JsonTypes.None && isNow != JsonTypes.None && (isNow & ~was) != JsonTypes.None)
            Note(DifferenceKind.Retyped, path, before, after);
        if (was != JsonTypes.None && !before.Types.HasFlag(JsonTypes.Null) && after.Types.HasFlag(JsonTypes.Null))
            Note(DifferenceKind.NullableNow, path, before, after);
    }

    private void CompareValues(string path, StructureNode before, StructureNode after, bool isEnvelope)
    {
        if (before.Scalars is null || after.Scalars is null)
            return;

        ComparedPaths += isEnvelope ? 0 : 1;
        if (!before.Scalars.CanBeEnumeration || !after.Scalars.CanBeEnumeration || before.Scalars.Count != after.Scalars.Count)
            return;

        NoteValues(DifferenceKind.ValuesGone, path, before.Scalars.Distinct.Count(value => !after.Scalars.Distinct.Contains(value)));
        NoteValues(DifferenceKind.ValuesNew, path, after.Scalars.Distinct.Count(value => !before.Scalars.Distinct.Contains(value)));
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
            else if (MissesOnPurpose(name, after))
                NoteWhole(DifferenceKind.Gone, place, member);
            else if (!after.IsMap)
                _notCompared.Add(place);
        }

        foreach (var (name, member) in after.Members)
        {
            if (!before.Members.ContainsKey(name) && MissesOnPurpose(name, before))
                NoteWhole(DifferenceKind.New, Join(path, name), member);
        }
    }

    private void VisitMember(string place, (StructureNode Object, StructureNode Member) before, (StructureNode Object, StructureNode Member) after, bool isEnvelope)
    {
        if (before.Member.Seen >= before.Object.WholeObjects && before.Object.WholeObjects > 0 && after.Member.Seen < after.Object.WholeObjects && !IsFolded(place))
            Note(DifferenceKind.OptionalNow, place, before.Member, after.Member);
        Visit(place, before.Member, after.Member, isEnvelope);
    }

    private void CompareItems(string path, StructureNode before, StructureNode after)
    {
        if (!before.Types.HasFlag(JsonTypes.List) || !after.Types.HasFlag(JsonTypes.List))
        {
            NoteItems(DifferenceKind.Gone, path, before);
            NoteItems(DifferenceKind.New, path, after);
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
    /// What is in no object is missing where there were objects to have it. A key that is data is missing where there are other members in its place:
    /// an empty map is no difference.
    /// </summary>
    private static bool MissesOnPurpose(string name, StructureNode node) => !node.IsPartial
        && (name[0] == '{' ? node.Members.Count > 0 && !node.IsMap : node.WholeObjects > 0 || (node.Types.WithoutNull() & ~JsonTypes.Object) != JsonTypes.None);

    /// <summary>Of <c>{ status, data }</c> only what is in <c>data</c> counts as data.</summary>
    private static bool IsEnvelope(string path, string name, StructureNode before, StructureNode after) =>
        path.Length == 0 && name != "data" && before.Members.ContainsKey("data") && after.Members.ContainsKey("data");

    private void NoteItems(DifferenceKind kind, string path, StructureNode node)
    {
        if (node.Types.HasFlag(JsonTypes.List) && node.Item is not null)
            NoteWhole(kind, path + ItemsSuffix, node.Item);
    }

    /// <summary>A path and all below it. An item that is an object is told by its members.</summary>
    private void NoteWhole(DifferenceKind kind, string path, StructureNode node)
    {
        if (!path.EndsWith(ItemsSuffix, StringComparison.Ordinal) || node.Types.IsScalar())
            _differences.Add(new StructureDifference(kind, path) { Before = kind == DifferenceKind.Gone ? node.Types : default, After = kind == DifferenceKind.Gone ? default : node.Types });
        foreach (var (name, member) in node.Members)
            NoteWhole(kind, Join(path, name), member);
        NoteItems(kind, path, node);
    }

    private void Note(DifferenceKind kind, string path, StructureNode before, StructureNode after) =>
        _differences.Add(new StructureDifference(kind, path) { Before = before.Types, After = after.Types });

    private void NoteValues(DifferenceKind kind, string path, int count)
    {
        if (count > 0)
            _differences.Add(new StructureDifference(kind, path) { Count = count });
    }

    private static bool IsFolded(string place) => place.EndsWith('}');

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
