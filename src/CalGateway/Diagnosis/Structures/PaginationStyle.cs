namespace CalGateway.Diagnosis.Structures;

/// <summary>Recognises how an answer refers to its next page.</summary>
internal static class PaginationStyle
{
    private const string None = "no pages";
    private const string Cursor = "pages by cursor";
    private const string Offset = "pages by number";

    private static readonly string[] CursorNames = ["nextCursor", "cursor", "endCursor", "previousCursor"];
    private static readonly string[] OffsetNames = ["currentPage", "totalPages", "itemsPerPage", "totalItems", "remainingItems", "skip", "take"];

    /// <summary>The members of Cal.com's answers that can contain the reference, besides the top level.</summary>
    private static readonly string[] Places = ["pagination", "data", "meta"];

    /// <summary>Null where both have the same style.</summary>
    public static StructureDifference? Compare(StructureNode before, StructureNode after)
    {
        var ((was, place), (isNow, placeNow)) = (Of(before), Of(after));
        return was == isNow || before.Seen == 0 || after.Seen == 0
            ? null
            : new StructureDifference(DifferenceKind.Repaginated, was == None ? placeNow : place) { Styles = $"{was} before, {isNow} now" };
    }

    private static (string Style, string Place) Of(StructureNode root)
    {
        foreach (var place in Places)
        {
            if (root.FindMember(place) is { } node && StyleOf(node) is { } style)
                return (style, place);
        }

        return (StyleOf(root) ?? None, "");
    }

    private static string? StyleOf(StructureNode node) =>
        CursorNames.Any(name => node.FindMember(name) is not null) ? Cursor
        : OffsetNames.Any(name => node.FindMember(name) is not null) ? Offset
        : null;
}
