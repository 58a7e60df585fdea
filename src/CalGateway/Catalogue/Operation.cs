namespace CalGateway.Catalogue;

/// <summary>One method on one path of Cal.com's API, across all the versions at which it answers.</summary>
internal sealed class Operation
{
    public required string Method { get; init; }

    /// <summary>As in "/v2/event-types/{eventTypeId}".</summary>
    public required string Template { get; init; }

    /// <summary>What shares its version pin: the first segment after /v2, as in "event-types".</summary>
    public required string Family { get; init; }

    /// <summary>Those it answers, hosted-only ones included, newest first. Empty where any will do, and where they are unknown.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>Those of <see cref="Versions"/> that only api.cal.com answers.</summary>
    public required IReadOnlyList<string> HostedOnlyVersions { get; init; }

    /// <summary>Those of <see cref="Versions"/> that get an older shape from another handler.</summary>
    public required IReadOnlyList<string> LegacyVersions { get; init; }

    /// <summary>How the older shape is told from the current one; null where there is one shape.</summary>
    public required ShapeMarks? Shapes { get; init; }

    /// <summary>It does not look at the version.</summary>
    public required bool AnswersAnyVersion { get; init; }

    /// <summary>The <see cref="HostedOnlyVersions"/> follow from how Cal.com declares versions; nobody saw them answered.</summary>
    public required bool HostedVersionsInferred { get; init; }

    /// <summary>The version to ask for; null where any will do.</summary>
    public required string? RecommendedVersion { get; init; }

    /// <summary>At all versions but the <see cref="LegacyVersions"/>.</summary>
    public required AuthRequirement Auth { get; init; }

    public required AuthRequirement LegacyAuth { get; init; }

    public required Risk Risk { get; init; }

    /// <summary>What a request without a version gets, or with one that Cal.com does not know.</summary>
    public required HeaderlessAnswer WithoutHeader { get; init; }

    /// <summary>Once it has succeeded, a list of event types may show something else: another event type, owner, team, member or schedule.</summary>
    public required bool ChangesEventTypes { get; init; }

    /// <summary>Seen only in the community's source tree: api.cal.com may lack it.</summary>
    public required bool Unconfirmed { get; init; }

    /// <summary>For people: what the columns cannot say.</summary>
    public required string? Note { get; init; }

    public bool VersionsUnknown => !AnswersAnyVersion && Versions.Count == 0;

    /// <summary>False only where Cal.com is known not to answer; an operation of unknown versions has the benefit of the doubt.</summary>
    public bool Answers(string version) => Versions.Count == 0 || Versions.Contains(version);

    public AuthRequirement AuthAt(string version) => LegacyVersions.Contains(version) ? LegacyAuth : Auth;

    public override string ToString() => $"{Method} {Template}";
}
