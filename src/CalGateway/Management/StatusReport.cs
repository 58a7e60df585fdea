using CalGateway.Access;
using CalGateway.Caching;
using CalGateway.Caching.Plans;
using CalGateway.CalCom;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Pins;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Configuration.Watching;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Management.Concerns;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management;

/// <summary>Builds the <see cref="Status"/> from the state of all folders, and derives the concerns from it.</summary>
internal sealed class StatusReport(
    Revisions revisions, RevisionHistory history, SettingsFile file, Credential credential, QuotaLimiter quotas, UpstreamLanes lanes, AnswerCache cache,
    DeprecationWatch deprecations, DriftWatch drift, OtherClusters others, CalComCatalogue catalogue, RecentActivity activity,
    TimeProvider clock)
{
    public Status Now()
    {
        var revision = revisions.Current;
        var key = credential.Current;
        var events = history.Events;
        var recent = activity.Read();
        var facts = new GatewayFacts
        {
            Now = clock.GetUtcNow(),
            FileName = file.Name,
            Revision = revision,
            LastEdit = events.Count > 0 ? events[0] : null,
            Problems = activity.Problems.All,
            RoutesInOlderShape = [.. recent.Routes.Where(route => IsInOlderShape(route.Key, route.Value, revision)).Select(route => route.Key).Order()],
            AnswerChanges = drift.Changes,
            Upstream = FactsOf(recent, revision),
            FailingClusters = [.. others.Failing.Where(failure => revision.AddressesOf(failure.Cluster).Contains(failure.Destination))],
            CredentialFingerprint = key.Fingerprint,
            AccountFingerprints = revision.Get<OtherAccounts>().ByName.ToDictionary(account => account.Key, account => account.Value.Current.Fingerprint),
            Quota = QuotaOf(key),
            Accounts = AccountsOf(revision),
            Protection = ProtectionStatus.Of(lanes.InUse(key, revision), revision.Get<UpstreamOptions>()),
            Cache = cache.Report(),
            Deprecations = deprecations.Descriptions,
        };

        var concerns = ConcernCollector.Of(facts);
        return new Status
        {
            State = ConcernCollector.StateOf(concerns, revision),
            Concerns = concerns,
            Version = ProductVersion.Text,
            CatalogueDate = catalogue.Date,
            StartedAt = activity.Since,
            Revision = revision.Id,
            SettingsFile = file.Path,
            CredentialFingerprint = facts.CredentialFingerprint,
            Warnings = [.. revision.Warnings.Select(warning => warning.Describe(file.Name))],
            LastEditRefused = facts.LastEdit is { Accepted: false } last ? last.Findings : null,
            Deprecations = facts.Deprecations,
            Traffic = TrafficStatus.Of(recent.Routes.Values.SelectMany(route => route).Concat(recent.WithoutRoute)),
            Upstream = UpstreamOf(revision, recent, facts),
            Routes = [.. revision.Routes.Select(route => RouteOf(route.RouteId, route.Match.Path, revision, recent))],
            Cache = facts.Cache,
            Problems = facts.Problems,
            History = events,
        };
    }

    /// <summary>Within the last minute, and at a version that the route still asks for.</summary>
    private bool IsInOlderShape(string route, RouteBucket?[] recent, Revision revision) =>
        ActivitySnapshot.LastMinuteOf(recent).Any(bucket => bucket.OlderShapes > 0)
        && revision.Plans.TryGetValue(route, out var plan) && activity.OlderShapeVersionOf(route) is { } version
        && revision.Get<ConsumerPins>().IsAsked(plan, version);

    private UpstreamFacts FactsOf(ActivitySnapshot recent, Revision revision)
    {
        var addresses = revision.CalComAddresses.ToList();
        var minute = ActivitySnapshot.LastMinuteOf(recent.Upstream).ToList();
        return new UpstreamFacts(
            activity.Upstream.LastAnswer, activity.Upstream.LastAccepted,
            activity.Upstream.LastFailure is { } failure && addresses.Contains(failure.Destination) ? failure : null,
            minute.Sum(bucket => bucket.Requests), minute.Sum(bucket => bucket.Failures));
    }

    private static CalComStatus UpstreamOf(Revision revision, ActivitySnapshot recent, GatewayFacts facts)
    {
        var addresses = revision.CalComAddresses.Select(address => new Setting("Address", address, "").Shown!);
        var counted = recent.Upstream.OfType<UpstreamBucket>().ToList();
        var durations = UpstreamBucket.Sum(counted);
        return new CalComStatus(
            [.. addresses], counted.Sum(bucket => bucket.Requests), counted.Sum(bucket => bucket.Failures),
            LatencyScale.Quantile(durations, ActivitySeries.Median), LatencyScale.Quantile(durations, ActivitySeries.Slow),
            facts.Upstream.LastAnswer, facts.Upstream.LastFailure, facts.Quota?.Left, facts.Quota?.Left is null ? null : facts.Quota.ResetsAt)
        {
            Quota = facts.Quota,
            Protection = facts.Protection,
            Accounts = facts.Accounts.Count == 0 ? null : facts.Accounts,
        };
    }

    private IReadOnlyList<AccountStatus> AccountsOf(Revision revision) =>
    [
        .. from account in revision.Get<OtherAccounts>().ByName
           orderby account.Key
           let key = account.Value.Current
           select new AccountStatus(account.Key, QuotaOf(key), ProtectionStatus.Of(lanes.InUse(key, revision), revision.Get<UpstreamOptions>())),
    ];

    /// <summary>Null where nothing is counted, or nothing was sent with the key lately.</summary>
    private QuotaStatus? QuotaOf(Signature key) =>
        quotas.IsEnabled && quotas.Read(key) is { } state ? QuotaStatus.Of(state, ToTheSecond(state.ResetsIn)) : null;

    /// <summary>Rounded to seconds, so that the value is the same when it is read again.</summary>
    private DateTimeOffset? ToTheSecond(TimeSpan? left) => left is { } wait
        ? DateTimeOffset.FromUnixTimeSeconds((long)Math.Round((clock.GetUtcNow() + wait - DateTimeOffset.UnixEpoch).TotalSeconds))
        : null;

    private RouteStatus RouteOf(string route, string? path, Revision revision, ActivitySnapshot recent)
    {
        var plan = revision.Plans[route];
        var key = $"ReverseProxy:Routes:{route}:";
        var warnings = revision.Warnings
            .Where(warning => warning.Key?.StartsWith(key, StringComparison.OrdinalIgnoreCase) == true)
            .Select(warning => warning.Describe(file.Name));
        return new RouteStatus(
            route, path, plan.ApiVersion.Count > 0 ? plan.ApiVersion.ToString() : null, plan.Part<CachePlan>() is not null, [.. warnings],
            plan.Part<PinVerdict>()!, plan.Part<CachePlan>()?.Policy, plan.Part<CachePlan>() is { } stored ? cache.CountOf(stored) : 0, TrafficStatus.Of(recent.Routes.GetValueOrDefault(route) ?? []))
        {
            Credential = plan.Part<RouteAccess>()!.Credential,
            Consumers = plan.Part<ConsumerVerdicts>()?.All.Select(consumer => new ConsumerStatus(consumer.Own.Consumer, consumer.Own.Version, consumer.Pin)).ToList(),
            Shadow = plan.Part<ShadowSettings>() is { } shadow ? ShadowStatus.Of(shadow, plan.Part<ShadowTally>()!.Read()) : null,
        };
    }
}
