using System.Globalization;
using System.Net;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Shape;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>What the other version answered: its status and the beginning of its body.</summary>
/// <param name="IsJson">By what it says of itself.</param>
/// <param name="IsWhole">The body ends with what was read.</param>
/// <param name="IsRouteMiss">Cal.com has no such route at this version.</param>
internal readonly ref struct ShadowAnswer(HttpStatusCode status, bool isJson, bool isWhole, bool isRouteMiss, ReadOnlySpan<byte> body)
{
    public HttpStatusCode Status { get; } = status;

    public bool IsJson { get; } = isJson;

    public bool IsWhole { get; } = isWhole;

    public bool IsRouteMiss { get; } = isRouteMiss;

    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>What a comparison came to: an outcome, and the differences that it found. Paths, types and counts, never values.</summary>
internal sealed record ShadowVerdict(ShadowOutcome Outcome, IReadOnlyList<StructureDifference> Differences, string? Refused = null)
{
    /// <summary>Kinds that also come of an account that changed between two reads of one and the same version.</summary>
    private static readonly DifferenceKind[] OfData =
        [DifferenceKind.FewerItems, DifferenceKind.MoreItems, DifferenceKind.Reordered, DifferenceKind.ValuesGone, DifferenceKind.ValuesNew];

    /// <summary>The same where the account is known to have changed: what came or went may be null, or lack something optional.</summary>
    private static readonly DifferenceKind[] OfChangedData = [.. OfData, DifferenceKind.NullableNow, DifferenceKind.FilledNow, DifferenceKind.OptionalNow];

    public static ShadowVerdict Of(ShadowOutcome outcome) => new(outcome, []);

    /// <summary>For the log.</summary>
    public string FirstWords() => Refused ?? Differences.FirstOrDefault(difference => difference.IsBreaking && !IsOfData(difference.Kind))?.ToString() ?? Outcome.Word();

    public static bool IsOfData(DifferenceKind kind) => OfData.Contains(kind);

    /// <param name="pinned">The beginning of the answer at the pin.</param>
    /// <param name="isCut">That answer went on.</param>
    /// <param name="other">The answer at the other version.</param>
    /// <param name="version">The other version.</param>
    /// <param name="operation">What was read.</param>
    public static ShadowVerdict Judge(ReadOnlySpan<byte> pinned, bool isCut, ShadowAnswer other, string version, Operation operation)
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

        return Compare(StructureReader.Read(pinned, !isCut), StructureReader.Read(other.Body, other.IsWhole));
    }

    private static ShadowVerdict Compare(AnswerStructure before, AnswerStructure after)
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

    /// <summary>What was cut off for its length can be compared as far as it goes; what broke off by itself cannot.</summary>
    private static bool IsUnreadable(AnswerStructure answer) => answer.Fault is StructureFault.NotJson or StructureFault.Broken;

    /// <summary>An older shape than the version has, which for a version that nobody knows is the only sign.</summary>
    private static bool IsDowngraded(ShadowAnswer other, string version, Operation operation) =>
        operation.Shapes is { } marks && !operation.LegacyVersions.Contains(version) && Fingerprint.Read(other.Body, marks) == SeenShape.Legacy;
}
