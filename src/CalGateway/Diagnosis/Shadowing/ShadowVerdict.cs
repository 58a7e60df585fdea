using System.Globalization;
using System.Net;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Shape;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>The answer at the other version.</summary>
/// <param name="isJson">By its content type.</param>
/// <param name="isWhole">True where <paramref name="body"/> is the complete body.</param>
/// <param name="isRouteMiss">Cal.com has no such route at this version.</param>
/// <param name="body">The first part of the body.</param>
internal readonly ref struct ShadowAnswer(HttpStatusCode status, bool isJson, bool isWhole, bool isRouteMiss, ReadOnlySpan<byte> body)
{
    public HttpStatusCode Status { get; } = status;

    public bool IsJson { get; } = isJson;

    public bool IsWhole { get; } = isWhole;

    public bool IsRouteMiss { get; } = isRouteMiss;

    public ReadOnlySpan<byte> Body { get; } = body;
}

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

    /// <param name="pinned">The first part of the answer at the pin.</param>
    /// <param name="isCut">True where that answer is longer.</param>
    /// <param name="other">The answer at the other version.</param>
    /// <param name="version">The other version.</param>
    public static ShadowVerdict Compare(ReadOnlySpan<byte> pinned, bool isCut, ShadowAnswer other, string version, Operation operation)
    {
        if (other.IsRouteMiss)
            return Of(ShadowOutcome.RouteMiss);
        if (other.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            return Of(ShadowOutcome.Failed);
        if (other.Status >= HttpStatusCode.BadRequest)
            return new ShadowVerdict(ShadowOutcome.Breaking, [], $"it answers {((int)other.Status).ToString(CultureInfo.InvariantCulture)} where the pin answers");
        if (!other.IsJson || other.Status != HttpStatusCode.OK)
            return Of(ShadowOutcome.NotComparable);
        if (IsDowngraded(other, version, operation))
            return Of(ShadowOutcome.SilentDowngrade);

        return CompareStructures(StructureReader.Read(pinned, !isCut), StructureReader.Read(other.Body, other.IsWhole));
    }

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
    private static bool IsDowngraded(ShadowAnswer other, string version, Operation operation) =>
        operation.Shapes is { } marks && !operation.LegacyVersions.Contains(version) && Fingerprint.Read(other.Body, marks) == SeenShape.Legacy;
}
