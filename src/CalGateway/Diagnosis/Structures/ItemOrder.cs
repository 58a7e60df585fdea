namespace CalGateway.Diagnosis.Structures;

/// <summary>Compares the order of two lists by the ids of their items.</summary>
internal static class ItemOrder
{
    private static readonly string[] Ids = ["uid", "id"];

    public static bool Differs(StructureNode before, StructureNode after) =>
        Sequence(before) is { Count: > 1 } was && Sequence(after) is { } isNow && was.Count == isNow.Count
        && !was.SequenceEqual(isNow) && was.Order().SequenceEqual(isNow.Order());

    /// <summary>The hashes of the items' ids, in their order; null where the items have no id.</summary>
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
