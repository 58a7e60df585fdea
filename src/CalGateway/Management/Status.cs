using CalGateway.Caching;
using CalGateway.CalCom;
using CalGateway.CalCom.Pins;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration.Settings;
using CalGateway.Configuration.Watching;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Journey.Routes;
using CalGateway.Management.Concerns;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management;

/// <summary><c>/status</c>: is it well and, if not, why. Programs rely on its members: they are added to, never renamed.</summary>
internal sealed record Status
{
    /// <summary>
    /// The worst of what there is: <c>failing</c> where a concern is; <c>warning</c> where one warns, the configuration in force is
    /// doubted or its last edit was refused; else <c>ok</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>What is not well, the most important first; empty where all is.</summary>
    public required IReadOnlyList<Concern> Concerns { get; init; }

    public required string Version { get; init; }

    /// <summary>The day of what the gateway knows of Cal.com.</summary>
    public required DateOnly CatalogueDate { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Revision { get; init; }

    public required string SettingsFile { get; init; }

    /// <summary>Sixteen hex digits that tell one key from another and nothing else of it.</summary>
    public required string CredentialFingerprint { get; init; }

    /// <summary>What is doubted in the revision in force.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why the last edit is not in force; null where it is.</summary>
    public required IReadOnlyList<string>? LastEditRefused { get; init; }

    /// <summary>What Cal.com has announced to give up.</summary>
    public required IReadOnlyList<string> Deprecations { get; init; }

    public required TrafficStatus Traffic { get; init; }

    public required UpstreamStatus Upstream { get; init; }

    public required IReadOnlyList<RouteStatus> Routes { get; init; }

    public required CacheReport Cache { get; init; }

    /// <summary>The last problems that callers were answered with, the newest first.</summary>
    public required IReadOnlyList<RecentProblem> Problems { get; init; }

    /// <summary>The last fifty edits, the newest first.</summary>
    public required IReadOnlyList<RevisionEvent> History { get; init; }
}

/// <summary>A route as <c>/status</c> shows it.</summary>
/// <param name="Route">Its id.</param>
/// <param name="Path">Its pattern.</param>
/// <param name="ApiVersion">The pin; null for none.</param>
/// <param name="Cached">It has a cache.</param>
/// <param name="Warnings">Of the file, about it.</param>
/// <param name="Pin">What the catalogue thinks of the pin.</param>
/// <param name="Policy">The cache's policy; null for none.</param>
/// <param name="Stored">How many of its answers are stored.</param>
internal sealed record RouteStatus(
    string Route, string? Path, string? ApiVersion, bool Cached, IReadOnlyList<string> Warnings, PinVerdict Pin, string? Policy, int Stored, TrafficStatus Traffic)
{
    /// <summary>Whose credential it sends to Cal.com: <c>gateway</c>, <c>caller</c> or <c>none</c>.</summary>
    public required string Credential { get; init; }

    /// <summary>The consumers that get it at a version of their own; null where there are none.</summary>
    public IReadOnlyList<ConsumerStatus>? Consumers { get; init; }

    /// <summary>What its reads come to at another version; null where they are asked at none.</summary>
    public ShadowStatus? Shadow { get; init; }
}

/// <summary>What a route's reads come to at another version.</summary>
/// <param name="Version">The other version.</param>
/// <param name="Percent">Of how many successful reads it is asked; 0 for none.</param>
/// <param name="Outcomes">How often each came, over all operations.</param>
/// <param name="Operations">What was read.</param>
internal sealed record ShadowStatus(string Version, decimal Percent, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyList<ShadowedOperation> Operations)
{
    public static ShadowStatus Of(ShadowSettings settings, IReadOnlyList<ShadowedOperation> operations) => new(
        settings.Version, settings.Percent,
        operations.SelectMany(operation => operation.Outcomes).GroupBy(outcome => outcome.Key).ToDictionary(outcome => outcome.Key, outcome => outcome.Sum(counted => counted.Value)),
        operations);
}

/// <summary>A consumer that gets a route at a version of its own.</summary>
/// <param name="Consumer">Its name in the settings.</param>
/// <param name="ApiVersion">What is sent for it in place of the route's pin.</param>
/// <param name="Pin">What the catalogue thinks of it.</param>
internal sealed record ConsumerStatus(string Consumer, string ApiVersion, PinVerdict Pin);

/// <summary>What came within the last fifteen minutes.</summary>
/// <param name="Requests">Of callers.</param>
/// <param name="Problems">How many were answered with one.</param>
/// <param name="HitRatio">The share of requests to what is cached that was answered from there; null where none came.</param>
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

/// <summary>How Cal.com has answered within the last fifteen minutes.</summary>
/// <param name="Addresses">Where it is.</param>
/// <param name="Requests">How many were sent, refreshes included.</param>
/// <param name="Failures">How many of these got no answer, or a 5xx.</param>
/// <param name="MedianMilliseconds">What half of them took at most; null where none was sent.</param>
/// <param name="SlowMilliseconds">What 99 of a hundred took at most.</param>
/// <param name="LastAnswer">The last that was no failure.</param>
/// <param name="LastFailure">The last that was.</param>
/// <param name="QuotaLeft">How many requests Cal.com still takes of the gateway's key; null where it has not said, or that is out of date.</param>
/// <param name="QuotaResetsAt">When there are as many as before.</param>
internal sealed record UpstreamStatus(
    IReadOnlyList<string> Addresses, int Requests, int Failures, double? MedianMilliseconds, double? SlowMilliseconds,
    UpstreamMoment? LastAnswer, UpstreamMoment? LastFailure, int? QuotaLeft, DateTimeOffset? QuotaResetsAt)
{
    /// <summary>Of the gateway's own key; null where nothing was sent with it yet.</summary>
    public required ProtectionStatus? Protection { get; init; }

    /// <summary>The window that runs, and who uses it; null where nothing was sent lately.</summary>
    public QuotaStatus? Quota { get; init; }
}

/// <summary>Whether requests of the gateway's own key pass to Cal.com, and how many are there.</summary>
/// <param name="Circuit"><c>closed</c> where they pass, <c>open</c> where none is sent, <c>half-open</c> where one tries.</param>
/// <param name="AtCalCom">Requests that are there, up to the end of their answers.</param>
/// <param name="Waiting">Requests that wait for one of those to end.</param>
/// <param name="MaxConcurrency">How many may be there at once; 0 for any number.</param>
internal sealed record ProtectionStatus(string Circuit, int AtCalCom, int Waiting, int MaxConcurrency)
{
    public static ProtectionStatus? Of(IEnumerable<UpstreamLane> lanes, UpstreamOptions options)
    {
        var all = lanes.ToList();
        return all.Count == 0 ? null : new ProtectionStatus(
            NameOf(options.Circuit.Enabled ? WorstOf(all) : CircuitState.Closed), all.Sum(lane => lane.Bulkhead.Active), all.Sum(lane => lane.Bulkhead.Waiting),
            options.MaxConcurrency);
    }

    private static CircuitState WorstOf(IReadOnlyList<UpstreamLane> lanes) =>
        lanes.Select(lane => lane.Circuit.State).MaxBy(state => state switch { CircuitState.Open => 2, CircuitState.HalfOpen => 1, _ => 0 });

    private static string NameOf(CircuitState state) => state switch { CircuitState.Open => "open", CircuitState.HalfOpen => "half-open", _ => "closed" };
}

/// <summary>The window of the gateway's key that runs.</summary>
/// <param name="Limit">Requests in each window.</param>
/// <param name="Left">Of these; null where none runs.</param>
/// <param name="ResetsAt">When there are as many as before.</param>
/// <param name="WindowSeconds">The length of a window.</param>
/// <param name="Foreign">What others have used of the same key.</param>
/// <param name="Refused">How many requests were kept from Cal.com.</param>
/// <param name="Consumers">Who uses it.</param>
internal sealed record QuotaStatus(
    int Limit, int? Left, DateTimeOffset? ResetsAt, double WindowSeconds, int Foreign, int Refused, IReadOnlyList<ConsumerState> Consumers)
{
    public static QuotaStatus Of(QuotaState state, DateTimeOffset? resetsAt) =>
        new(state.Limit, state.Left, resetsAt, state.Window.TotalSeconds, state.Foreign, state.Refused, state.Consumers);
}
