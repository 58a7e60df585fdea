using CalGateway.Caching;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Diagnosis.Drift;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management.Concerns;

/// <summary>What is judged: the state of the gateway at one moment, as plain values.</summary>
internal sealed record GatewayFacts
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>The settings file's, without its folder.</summary>
    public required string FileName { get; init; }

    public required Revision Revision { get; init; }

    /// <summary>The last edit; null before the first look at the file.</summary>
    public required RevisionEvent? LastEdit { get; init; }

    public required IReadOnlyList<RecentProblem> Problems { get; init; }

    /// <summary>The routes whose answers came in an older shape within the last minute.</summary>
    public required IReadOnlyList<string> RoutesInOlderShape { get; init; }

    /// <summary>Fields of Cal.com's answers that are not as they were, at an unchanged version.</summary>
    public required IReadOnlyList<AnswerChange> AnswerChanges { get; init; }

    public required UpstreamFacts Upstream { get; init; }

    /// <summary>Those besides Cal.com that fail.</summary>
    public required IReadOnlyList<OtherClusters.Failure> FailingClusters { get; init; }

    /// <summary>Of the key that is in use now.</summary>
    public required string CredentialFingerprint { get; init; }

    /// <summary>Of the keys of the other accounts, by their names in the settings.</summary>
    public required IReadOnlyDictionary<string, string> AccountFingerprints { get; init; }

    /// <summary>How the key's quota stands; null where nothing was sent with it lately.</summary>
    public required QuotaState? Quota { get; init; }

    /// <summary>As <see cref="Quota"/>, of the other accounts' keys, by their names in the settings.</summary>
    public required IReadOnlyDictionary<string, QuotaState?> AccountQuotas { get; init; }

    /// <summary>Whether requests of the key pass; null where none was sent yet.</summary>
    public required ProtectionStatus? Protection { get; init; }

    public required CacheReport Cache { get; init; }

    public required IReadOnlyList<string> Deprecations { get; init; }
}

/// <summary>How Cal.com answers.</summary>
/// <param name="LastAnswer">The last that was no failure.</param>
/// <param name="LastAccepted">The last that was no error at all.</param>
/// <param name="LastFailure">No answer, or a 5xx.</param>
/// <param name="Requests">Within the last minute.</param>
/// <param name="Failures">Of these.</param>
internal sealed record UpstreamFacts(UpstreamMoment? LastAnswer, UpstreamMoment? LastAccepted, UpstreamMoment? LastFailure, int Requests, int Failures);
