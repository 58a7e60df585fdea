using CalGateway.Caching;
using CalGateway.CalCom.Traffic;
using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Diagnosis.Drift;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management.Concerns;

/// <summary>The state of the gateway at one moment as plain values, from which the concerns are derived.</summary>
internal sealed record GatewayFacts
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>The name of the settings file, without its folder.</summary>
    public required string FileName { get; init; }

    public required Revision Revision { get; init; }

    /// <summary>The last edit; null before the file was first read.</summary>
    public required RevisionEvent? LastEdit { get; init; }

    public required IReadOnlyList<RecentProblem> Problems { get; init; }

    /// <summary>The routes with answers in an older shape within the last minute.</summary>
    public required IReadOnlyList<string> RoutesInOlderShape { get; init; }

    /// <summary>Fields of Cal.com's answers that changed at an unchanged version.</summary>
    public required IReadOnlyList<AnswerChange> AnswerChanges { get; init; }

    public required UpstreamFacts Upstream { get; init; }

    public required IReadOnlyList<OtherClusters.Failure> FailingClusters { get; init; }

    /// <summary>The fingerprint of the key in use.</summary>
    public required string CredentialFingerprint { get; init; }

    /// <summary>The fingerprints of the other accounts' keys, by account.</summary>
    public required IReadOnlyDictionary<string, string> AccountFingerprints { get; init; }

    /// <summary>The quota of the key; null where nothing was sent with it lately.</summary>
    public required QuotaStatus? Quota { get; init; }

    /// <summary>The other accounts, in the order of their names.</summary>
    public required IReadOnlyList<AccountStatus> Accounts { get; init; }

    /// <summary>Circuit and concurrency of the key; null before its first request.</summary>
    public required ProtectionStatus? Protection { get; init; }

    public required CacheReport Cache { get; init; }

    public required IReadOnlyList<string> Deprecations { get; init; }
}

/// <summary>How Cal.com answers.</summary>
/// <param name="LastAnswer">The last answer below 500.</param>
/// <param name="LastAccepted">The last answer below 400.</param>
/// <param name="LastFailure">The last failure: no answer, or a 5xx.</param>
/// <param name="Requests">The number of requests within the last minute.</param>
internal sealed record UpstreamFacts(UpstreamMoment? LastAnswer, UpstreamMoment? LastAccepted, UpstreamMoment? LastFailure, int Requests, int Failures);
