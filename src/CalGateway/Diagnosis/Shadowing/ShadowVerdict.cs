using System.Net;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Shape;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>The result of a comparison: the outcome and the differences. It contains paths, types and counts, never values.</summary>
internal sealed record ShadowVerdict(ShadowOutcome Outcome, IReadOnlyList<StructureDifference> Differences, string? Refused = null)
{
    /// <summary>Kinds of difference that a change of the account between two reads can cause as well.</summary>
    private static readonly DifferenceKind[] OfData =
        [DifferenceKind.FewerItems, DifferenceKind.MoreItems, DifferenceKind.Reordered, DifferenceKind.ValuesGone, DifferenceKind.ValuesNew];

    /// <summary>The same for an account that is known to have changed: items that came or went may have null or missing members.</summary>
    private static readonly DifferenceKind[] OfChangedData = [.. OfData, DifferenceKind.NullableNow, DifferenceKind.FilledNow, DifferenceKind.OptionalNow];

    public static ShadowVerdict Of(ShadowOutcome outcome) => new(outcome, []);

    /// <summary>The first difference, for the log.</summary>
    public string FirstDifference() => Refused ?? Differences.FirstOrDefault(difference => difference.IsBreaking && !IsOfData(difference.Kind))?.ToString() ?? Outcome.Name();

    public static bool IsOfData(DifferenceKind kind) => OfData.Contains(kind);

    /// <summary>The verdict about an answer whose body need not be read; null where it must be.</summary>
    public static ShadowVerdict? WithoutBody(HttpStatusCode status, bool isJson) => status switch
    {
        HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Of(ShadowOutcome.Failed),
        >= HttpStatusCode.BadRequest => new ShadowVerdict(ShadowOutcome.Breaking, [], $"it answers {(int)status} where the pin answers"),
        HttpStatusCode.OK when isJson => null,
        _ => Of(ShadowOutcome.NotComparable),
    };

    /// <param name="other">The first part of the answer at the other version.</param>
    /// <param name="isWhole">True where that is the complete answer.</param>
    public static ShadowVerdict Compare(ShadowRead read, ReadOnlySpan<byte> other, bool isWhole) => IsDowngraded(other, read.Version, read.Operation)
        ? Of(ShadowOutcome.SilentDowngrade)
        : CompareStructures(StructureReader.Read(read.Answer.Span, read.IsWhole), StructureReader.Read(other, isWhole));

    private static ShadowVerdict CompareStructures(AnswerStructure before, AnswerStructure after)
    {
        if (IsUnreadable(before) || IsUnreadable(after))
            return Of(ShadowOutcome.NotComparable);

        var compared = StructureComparison.Compare(before, after);
        if (!compared.HasData)
            return Of(ShadowOutcome.NotComparable);

        var ofData = ChangedItems.AreIn(before.Root, after.Root) ? OfChangedData : OfData;
        var structural = compared.Differences.Where(difference => !ofData.Contains(difference.Kind)).ToList();
        var outcome = (compared.Differences.Count, structural.Count) switch
        {
            (0, _) => ShadowOutcome.Same,
            (_, 0) => ShadowOutcome.Data,
            _ => structural.Exists(difference => difference.IsBreaking) ? ShadowOutcome.Breaking : ShadowOutcome.Safe,
        };
        return new ShadowVerdict(outcome, compared.Differences);
    }

    /// <summary>Answers that were cut at the size limit can be compared up to there; answers that broke off cannot.</summary>
    private static bool IsUnreadable(AnswerStructure answer) => answer.Fault is StructureFault.NotJson or StructureFault.Broken;

    /// <summary>Cal.com answers a version that it does not know in its oldest shape. That shape is the only sign of it.</summary>
    private static bool IsDowngraded(ReadOnlySpan<byte> other, string version, Operation operation) =>
        operation.Shapes is { } marks && !operation.LegacyVersions.Contains(version) && Fingerprint.Read(other, marks) == SeenShape.Legacy;
}
