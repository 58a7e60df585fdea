using System.Globalization;

namespace CalGateway.Diagnosis.Structures;

internal enum DifferenceKind
{
    Gone,
    New,

    /// <summary>Another type stands there, or one more; a list that became an object is one of these.</summary>
    Retyped,

    /// <summary>It was never null.</summary>
    NullableNow,

    /// <summary>It was always null.</summary>
    FilledNow,

    /// <summary>It was in every object, and is missing in some.</summary>
    OptionalNow,

    /// <summary>Values of what looks like an enumeration that are not seen any more.</summary>
    ValuesGone,

    /// <summary>Values of what looks like an enumeration that were not seen before.</summary>
    ValuesNew,

    /// <summary>The same items stand in another order.</summary>
    Reordered,
    FewerItems,
    MoreItems,

    /// <summary>What tells the next page has another style.</summary>
    Repaginated,
}

/// <summary>What a difference may really be, judged by type, place and name.</summary>
internal enum Likelihood
{
    None,
    Renamed,

    /// <summary>It has the same name elsewhere.</summary>
    Moved,
}

/// <summary>One difference between two structures. It holds paths, types and counts, never a value.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="Path">Where, as in <c>data[].users[].id</c>; empty for the answer itself.</param>
internal sealed record StructureDifference(DifferenceKind Kind, string Path)
{
    public JsonTypes Before { get; init; }

    public JsonTypes After { get; init; }

    /// <summary>How many values, or items before.</summary>
    public int Count { get; init; }

    /// <summary>How many items after.</summary>
    public int CountAfter { get; init; }

    /// <summary>For people: how it pages, as in "by cursor".</summary>
    public string? Styles { get; init; }

    /// <summary>The path that this one likely became, or came from; null where none is likely.</summary>
    public string? Counterpart { get; init; }

    public Likelihood Likely { get; init; }

    /// <summary>Somebody who reads the answer may stumble over it; the others are additions.</summary>
    public bool IsBreaking => Kind is not (DifferenceKind.New or DifferenceKind.FilledNow or DifferenceKind.ValuesNew or DifferenceKind.MoreItems);

    /// <summary>As in "data[].length (number) is gone".</summary>
    public override string ToString() => Kind switch
    {
        DifferenceKind.Gone => $"{Place} ({Before.Spoken()}) is gone",
        DifferenceKind.New => $"{Place} ({After.Spoken()}) is new",
        DifferenceKind.Retyped => $"{Place} was {Before.WithoutNull().Spoken()}, is {After.WithoutNull().Spoken()} now",
        DifferenceKind.NullableNow when After == JsonTypes.Null => $"{Place} ({Before.Spoken()}) is null now",
        DifferenceKind.NullableNow => $"{Place} ({Before.Spoken()}) can be null now",
        DifferenceKind.FilledNow => $"{Place} was null, is {After.WithoutNull().Spoken()} now",
        DifferenceKind.OptionalNow => $"{Place} ({After.Spoken()}) is not in every object any more",
        DifferenceKind.ValuesGone => $"{Place}: {Values(Count)} seen before {(Count == 1 ? "is" : "are")} not seen now",
        DifferenceKind.ValuesNew => $"{Place}: {Values(Count)} seen now {(Count == 1 ? "was" : "were")} not seen before",
        DifferenceKind.Reordered => $"{Place}: the same items stand in another order",
        DifferenceKind.FewerItems or DifferenceKind.MoreItems => $"{Place}: {Items(Count)} before, {Items(CountAfter)} now",
        _ => $"{Place}: {Styles}",
    };

    private string Place => Path.Length == 0 ? "the answer" : Path;

    private static string Values(int count) => count == 1 ? "1 value" : string.Create(CultureInfo.InvariantCulture, $"{count} values");

    private static string Items(int count) => count == 1 ? "1 item" : string.Create(CultureInfo.InvariantCulture, $"{count} items");
}
