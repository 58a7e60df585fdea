namespace CalGateway.Catalogue;

/// <summary>One method on one path of Cal.com's API, at all versions that it answers.</summary>
internal sealed class Operation
{
    public required string Method { get; init; }

    /// <summary>The path with its parameters, as in "/v2/event-types/{eventTypeId}".</summary>
    public required string Template { get; init; }

    /// <summary>The first path segment after /v2, as in "event-types"; see <see cref="Catalogue.Family"/>.</summary>
    public required string Family { get; init; }

    /// <summary>The versions that it answers, newest first. Empty where it answers any version, and where the versions are unknown.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>Of <see cref="Versions"/>, those that only api.cal.com answers.</summary>
    public required IReadOnlyList<string> HostedOnlyVersions { get; init; }

    /// <summary>Of <see cref="Versions"/>, those that are answered in an older shape.</summary>
    public required IReadOnlyList<string> LegacyVersions { get; init; }

    /// <summary>How to tell the older shape from the current one; null where there is only one shape.</summary>
    public required ShapeMarks? Shapes { get; init; }

    public required bool AnswersAnyVersion { get; init; }

    /// <summary>The version to pin; null where it answers any version.</summary>
    public required string? RecommendedVersion { get; init; }

    /// <summary>What it requires at all versions except the <see cref="LegacyVersions"/>.</summary>
    public required AuthRequirement Auth { get; init; }

    public required Risk Risk { get; init; }

    /// <summary>Its success may change a list of event types, because it changes an event type, owner, team, member or schedule.</summary>
    public required bool ChangesEventTypes { get; init; }

    /// <summary>It is known only from the community's source code; api.cal.com may not have it.</summary>
    public required bool Unconfirmed { get; init; }

    public bool VersionsUnknown => !AnswersAnyVersion && Versions.Count == 0;

    /// <summary>False only where the versions are known and this is not one of them.</summary>
    public bool Answers(string version) => Versions.Count == 0 || Versions.Contains(version);

    public override string ToString() => $"{Method} {Template}";
}
