using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>Whether two answers list different items, by the hashes of their ids: then the account changed between the two reads.</summary>
internal static class ChangedItems
{
    public static bool AreIn(StructureNode before, StructureNode after)
    {
        if (before.Item is { } was && after.Item is { } isNow && (Differ(before, after, was, isNow) || AreIn(was, isNow)))
            return true;

        foreach (var (name, member) in before.Members)
        {
            if (after.Members.TryGetValue(name, out var other) && AreIn(member, other))
                return true;
        }

        return false;
    }

    private static bool Differ(StructureNode before, StructureNode after, StructureNode was, StructureNode isNow) =>
        before.Items != after.Items
        || (ItemOrder.Sequence(was) is { } ids && ItemOrder.Sequence(isNow) is { } idsNow && !ids.Order().SequenceEqual(idsNow.Order()));
}
