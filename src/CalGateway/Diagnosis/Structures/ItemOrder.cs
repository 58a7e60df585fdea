namespace CalGateway.Diagnosis.Structures;

/// <summary>Whether two lists have the same items in another order, told by the items' ids.</summary>
internal static class ItemOrder
{
    private static readonly string[] Ids = ["uid", "id"];

    public static bool Differs(StructureNode before, StructureNode after) =>
        Sequence(before) is { Count: > 1 } was && Sequence(after) is { } isNow && was.Count == isNow.Count
        && !was.SequenceEqual(isNow) && was.Order().SequenceEqual(isNow.Order());

    /// <summary>The ids of the items, in their order, as hashes; null where they have none.</summary>
    public static IReadOnlyList<int>? Sequence(StructureNode item)
    {
        foreach (var name in Ids)
        {
            if (item.FindMember(name)?.Scalars is { } scalars && scalars.Count == item.Seen)
                return scalars.Sequence;
        }

        return null;
    }
}
