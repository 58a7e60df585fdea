using CalGateway.Problems;

namespace CalGateway.Diagnosis.Structures;

internal enum DifferenceKind
{
    Gone,
    New,

    /// <summary>Another type, or an additional one; includes a list that became an object.</summary>
    Retyped,

    /// <summary>It was never null before.</summary>
    NullableNow,

    /// <summary>It was always null before.</summary>
    FilledNow,

    /// <summary>It was in every object, and is missing in some now.</summary>
    OptionalNow,

    /// <summary>Values of what looks like an enumeration that no longer occur.</summary>
    ValuesGone,

    /// <summary>Values of what looks like an enumeration that did not occur before.</summary>
    ValuesNew,

    Reordered,
    FewerItems,
    MoreItems,

    /// <summary>The next page is referred to in another style.</summary>
    Repaginated,
}

/// <summary>What a difference probably is, judged by type, position and name.</summary>
internal enum Likelihood
{
    None,
    Renamed,

    /// <summary>The same name in another object.</summary>
    Moved,
}

/// <summary>One difference between two structures: paths, types and counts, never a value.</summary>
/// <param name="Path">The path, such as <c>data[].users[].id</c>; empty for the answer itself.</param>
internal sealed record StructureDifference(DifferenceKind Kind, string Path)
{
    public JsonTypes Before { get; init; }

    public JsonTypes After { get; init; }

    /// <summary>The number of values, or of items before.</summary>
    public int Count { get; init; }

    public int CountAfter { get; init; }

    /// <summary>For people: the style of pagination, such as "by cursor".</summary>
    public string? Styles { get; init; }

    /// <summary>The path that this one probably became or came from; null for none.</summary>
    public string? Counterpart { get; init; }

    public Likelihood Likely { get; init; }

    /// <summary>True where a program that reads the answer may fail; the other differences are additions.</summary>
    public bool IsBreaking => Kind is not (DifferenceKind.New or DifferenceKind.FilledNow or DifferenceKind.ValuesNew or DifferenceKind.MoreItems);

    /// <summary>A sentence, such as "data[].length (number) is gone".</summary>
    public override string ToString() => Kind switch
    {
        DifferenceKind.Gone => $"{Place} ({Before.Describe()}) is gone",
        DifferenceKind.New => $"{Place} ({After.Describe()}) is new",
        DifferenceKind.Retyped => $"{Place} was {Before.WithoutNull().Describe()}, is {After.WithoutNull().Describe()} now",
        DifferenceKind.NullableNow when After == JsonTypes.Null => $"{Place} ({Before.Describe()}) is null now",
        DifferenceKind.NullableNow => $"{Place} ({Before.Describe()}) can be null now",
        DifferenceKind.FilledNow => $"{Place} was null, is {After.WithoutNull().Describe()} now",
        DifferenceKind.OptionalNow => $"{Place} ({After.Describe()}) is not in every object any more",
        DifferenceKind.ValuesGone => $"{Place}: {Sentence.Count(Count, "value")} seen before {(Count == 1 ? "is" : "are")} not seen now",
        DifferenceKind.ValuesNew => $"{Place}: {Sentence.Count(Count, "value")} seen now {(Count == 1 ? "was" : "were")} not seen before",
        DifferenceKind.Reordered => $"{Place}: the same items stand in another order",
        DifferenceKind.FewerItems or DifferenceKind.MoreItems => $"{Place}: {Sentence.Count(Count, "item")} before, {Sentence.Count(CountAfter, "item")} now",
        _ => $"{Place}: {Styles}",
    };

    private string Place => Path.Length == 0 ? "the answer" : Path;
}
