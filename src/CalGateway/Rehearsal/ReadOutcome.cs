using CalGateway.Catalogue;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Rehearsal;

internal enum OutcomeKind
{
    Compared,

    /// <summary>Answered at the pinned version; at the other Cal.com has no such route.</summary>
    RouteMiss,

    /// <summary>Answered at the pinned version, refused at the other.</summary>
    Refused,

    /// <summary>The account has nothing to compare, or the read was not possible; the rest may tell enough.</summary>
    NotCompared,

    /// <summary>Cal.com failed, or the quota is needed for callers: another time it may be compared.</summary>
    Failed,
}

/// <summary>What one read came to at both versions.</summary>
/// <param name="Operation">The read.</param>
/// <param name="Kind">What came of it.</param>
internal sealed record ReadOutcome(Operation Operation, OutcomeKind Kind)
{
    /// <summary>Why it was not compared.</summary>
    public string? Why { get; init; }

    /// <summary>Cal.com's at the pinned version; null where it was not asked.</summary>
    public int? PinnedStatus { get; init; }

    /// <summary>Cal.com's at the other version.</summary>
    public int? Status { get; init; }

    /// <summary>Null where nothing was compared.</summary>
    public ComparedStructures? Compared { get; init; }

    /// <summary>The other version was answered as the oldest is, and not as the pinned one.</summary>
    public bool IsDowngraded { get; init; }

    public static ReadOutcome NotCompared(Operation operation, string why, int? status = null) => new(operation, OutcomeKind.NotCompared) { Why = why, PinnedStatus = status };

    public static ReadOutcome Failed(Operation operation, string why) => new(operation, OutcomeKind.Failed) { Why = why };
}

/// <summary>What the catalogue knows of a write, which is not tried.</summary>
/// <param name="Operation">The write.</param>
/// <param name="IsMiss">Answered at the pinned version, and not at the other.</param>
/// <param name="Says">For people.</param>
internal sealed record WriteOutlook(Operation Operation, bool IsMiss, string Says)
{
    public static WriteOutlook Of(Operation operation, RehearsedRoute route) => operation switch
    {
        { VersionsUnknown: true } => new WriteOutlook(operation, false, "not tried; its versions are not known"),
        { AnswersAnyVersion: true } => new WriteOutlook(operation, false, "not tried; answered whatever the version"),
        _ when !operation.Answers(route.Version) => new WriteOutlook(
            operation, operation.Answers(route.Pinned), operation.Answers(route.Pinned)
                ? $"not tried; a route miss at {route.Version} by the catalogue"
                : "not tried; a route miss at both versions by the catalogue"),
        _ when operation.LegacyVersions.Contains(route.Version) != operation.LegacyVersions.Contains(route.Pinned) =>
            new WriteOutlook(operation, false, $"not tried; answered at {route.Version} by another handler, with another form of request and answer"),
        _ => new WriteOutlook(operation, false, $"not tried; answered at {route.Version} by the catalogue"),
    };
}
