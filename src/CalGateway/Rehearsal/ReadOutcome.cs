using CalGateway.Catalogue;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Rehearsal;

internal enum OutcomeKind
{
    Compared,

    /// <summary>Answered at the pinned version; no such route at the other one.</summary>
    RouteMiss,

    /// <summary>Answered at the pinned version, refused at the other one.</summary>
    Refused,

    /// <summary>The account has no data to compare, or the read may not be sent.</summary>
    NotCompared,

    /// <summary>Cal.com failed, or the quota is needed for callers. Another attempt may succeed.</summary>
    Failed,
}

/// <summary>The result of one read at both versions.</summary>
internal sealed record ReadOutcome(Operation Operation, OutcomeKind Kind)
{
    public string? Why { get; init; }

    /// <summary>The status at the pinned version; null where it was not asked.</summary>
    public int? PinnedStatus { get; init; }

    public int? Status { get; init; }

    /// <summary>The comparison; null where nothing was compared.</summary>
    public ComparedStructures? Compared { get; init; }

    /// <summary>True where the answer at the other version is that of the oldest version and not that of the pinned one.</summary>
    public bool IsDowngraded { get; init; }

    public static ReadOutcome NotCompared(Operation operation, string why, int? status = null) => new(operation, OutcomeKind.NotCompared) { Why = why, PinnedStatus = status };

    public static ReadOutcome Failed(Operation operation, string why) => new(operation, OutcomeKind.Failed) { Why = why };
}

/// <summary>What the catalogue says about a write, which is never sent.</summary>
/// <param name="IsMiss">True where the pinned version has it and the other one does not.</param>
/// <param name="Says">A clause for people.</param>
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
