using CalGateway.Caching;
using CalGateway.Configuration.Watching;
using CalGateway.Management.Concerns;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management;

/// <summary><c>/status</c>: whether the gateway works and, if not, why. Programs rely on its members: they may be added, never renamed.</summary>
internal sealed record Status
{
    /// <summary><c>failing</c> where a concern is failing; <c>warning</c> where one warns, or the settings in force have warnings; else <c>ok</c>.</summary>
    public required string State { get; init; }

    /// <summary>What does not work as intended, the most important first; empty where everything does.</summary>
    public required IReadOnlyList<Concern> Concerns { get; init; }

    public required string Version { get; init; }

    public required DateOnly CatalogueDate { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Revision { get; init; }

    public required string SettingsFile { get; init; }

    /// <summary>Sixteen hex digits that tell keys apart and reveal nothing else.</summary>
    public required string CredentialFingerprint { get; init; }

    /// <summary>The warnings about the settings in force.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why the last edit was refused; null where it is in force.</summary>
    public required IReadOnlyList<string>? LastEditRefused { get; init; }

    /// <summary>What Cal.com has announced to end.</summary>
    public required IReadOnlyList<string> Deprecations { get; init; }

    public required TrafficStatus Traffic { get; init; }

    public required CalComStatus Upstream { get; init; }

    public required IReadOnlyList<RouteStatus> Routes { get; init; }

    public required CacheReport Cache { get; init; }

    /// <summary>The last problems that callers received, the newest first.</summary>
    public required IReadOnlyList<RecentProblem> Problems { get; init; }

    /// <summary>The last fifty edits, the newest first.</summary>
    public required IReadOnlyList<RevisionEvent> History { get; init; }
}

/// <summary>The requests of callers within the last fifteen minutes.</summary>
/// <param name="HitRatio">The share of cacheable requests that was answered from the cache, from 0 to 1; null where there were none.</param>
internal sealed record TrafficStatus(int Requests, int Problems, double? HitRatio)
{
    public static TrafficStatus Of(IEnumerable<RouteBucket?> buckets)
    {
        var (requests, problems, cacheable, fromStore) = (0, 0, 0, 0);
        foreach (var bucket in buckets)
        {
            requests += bucket?.Requests ?? 0;
            problems += bucket?.Problems ?? 0;
            cacheable += bucket?.Cacheable ?? 0;
            fromStore += bucket?.FromStore ?? 0;
        }

        return new TrafficStatus(requests, problems, cacheable == 0 ? null : Math.Round((double)fromStore / cacheable, 3));
    }
}
