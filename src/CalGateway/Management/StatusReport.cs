using CalGateway.Access;
using CalGateway.Caching;
using CalGateway.Caching.Plans;
using CalGateway.CalCom;
using CalGateway.CalCom.Pins;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Journey;
using CalGateway.Management.Concerns;
using CalGateway.Telemetry.Pulse;

namespace CalGateway.Management;

/// <summary>Gathers <see cref="Status"/> from those who know, and has it judged.</summary>
internal sealed class StatusReport(
    Revisions revisions, RevisionHistory history, SettingsFile file, Credential credential, QuotaBook quotas, AnswerCache cache,
    DeprecationWatch deprecations, OtherClusters others, CalComCatalogue catalogue, PulseRecorder pulse, TimeProvider clock)
{
    private static readonly string Version = typeof(StatusReport).Assembly.GetName().Version!.ToString(3);

    public Status Now()
    {
        var revision = revisions.Current;
        var key = credential.Current;
        var events = history.Events;
        var beats = pulse.Read();
        var facts = new GatewayFacts
        {
            Now = clock.GetUtcNow(),
            FileName = file.Name,
            Revision = revision,
            LastEdit = events.Count > 0 ? events[0] : null,
            Problems = pulse.Problems.Noted,
            RoutesInOlderShape = [.. beats.Routes.Where(route => PulseSnapshot.LastMinuteOf(route.Value).Any(beat => beat.OlderShapes > 0)).Select(route => route.Key).Order()],
            Upstream = FactsOf(beats),
            FailingClusters = others.Failing,
            CredentialFingerprint = key.Fingerprint,
            AccountFingerprints = revision.Get<AccessPlan>().Accounts.ToDictionary(account => account.Key, account => account.Value.Current.Fingerprint),
            QuotaLeft = quotas.Left(key),
            Cache = cache.Report(),
            Deprecations = deprecations.Told,
        };

        var concerns = Judgement.Of(facts);
        return new Status
        {
            State = Judgement.StateOf(concerns, revision),
            Concerns = concerns,
            Version = Version,
            CatalogueDate = catalogue.Date,
            StartedAt = pulse.Since,
            Revision = revision.Id,
            SettingsFile = file.Path,
            CredentialFingerprint = facts.CredentialFingerprint,
            Warnings = [.. revision.Warnings.Select(warning => warning.Describe(file.Name))],
            LastEditRefused = facts.LastEdit is { Accepted: false } last ? last.Findings : null,
            Deprecations = facts.Deprecations,
            Traffic = TrafficStatus.Of(beats.Routes.Values.SelectMany(route => route).Concat(beats.Elsewhere)),
            Upstream = UpstreamOf(revision, beats, facts, key),
            Routes = [.. revision.Routes.Select(route => RouteOf(route.RouteId, route.Match.Path, revision, beats))],
            Cache = facts.Cache,
            Problems = facts.Problems,
            History = events,
        };
    }

    private UpstreamFacts FactsOf(PulseSnapshot beats)
    {
        var minute = PulseSnapshot.LastMinuteOf(beats.Upstream).ToList();
        return new UpstreamFacts(
            pulse.Upstream.LastAnswer, pulse.Upstream.LastAccepted, pulse.Upstream.LastFailure,
            minute.Sum(beat => beat.Requests), minute.Sum(beat => beat.Failures));
    }

    private UpstreamStatus UpstreamOf(Revision revision, PulseSnapshot beats, GatewayFacts facts, Signature key)
    {
        var addresses = revision.Clusters
            .Where(cluster => CalComCluster.Is(cluster.ClusterId))
            .SelectMany(cluster => cluster.Destinations?.Values.Select(destination => new Setting("Address", destination.Address, "").Shown!) ?? []);
        var told = beats.Upstream.OfType<UpstreamBeat>().ToList();
        var durations = UpstreamBeat.Sum(told);
        return new UpstreamStatus(
            [.. addresses], told.Sum(beat => beat.Requests), told.Sum(beat => beat.Failures),
            LatencyScale.Quantile(durations, PulseSeries.Median), LatencyScale.Quantile(durations, PulseSeries.Slow),
            facts.Upstream.LastAnswer, facts.Upstream.LastFailure, facts.QuotaLeft, facts.QuotaLeft is null ? null : ToTheSecond(quotas.ResetsIn(key)));
    }

    /// <summary>Whole seconds, so that it stays the same for those who look again.</summary>
    private DateTimeOffset? ToTheSecond(TimeSpan? left) => left is { } wait
        ? DateTimeOffset.FromUnixTimeSeconds((long)Math.Round((clock.GetUtcNow() + wait - DateTimeOffset.UnixEpoch).TotalSeconds))
        : null;

    private RouteStatus RouteOf(string route, string? path, Revision revision, PulseSnapshot beats)
    {
        var plan = revision.Plans[route];
        var key = $"ReverseProxy:Routes:{route}:";
        var warnings = revision.Warnings
            .Where(warning => warning.Key?.StartsWith(key, StringComparison.OrdinalIgnoreCase) == true)
            .Select(warning => warning.Describe(file.Name));
        return new RouteStatus(
            route, path, plan.ApiVersion.Count > 0 ? plan.ApiVersion.ToString() : null, plan.Part<CachePlan>() is not null, [.. warnings],
            plan.Part<PinVerdict>()!, plan.Part<CachePlan>()?.Policy, plan.Part<CachePlan>() is { } stored ? cache.CountOf(stored) : 0, TrafficStatus.Of(beats.Routes.GetValueOrDefault(route) ?? []))
        {
            Credential = plan.Part<RouteAccess>()!.Credential,
        };
    }
}
