using CalGateway.Caching;
using CalGateway.CalCom;
using CalGateway.Configuration.Watching;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Deprecation;

namespace CalGateway.Management;

/// <summary>A route as <c>/status</c> shows it.</summary>
internal sealed record RouteStatus(string Route, string? Path, string? ApiVersion, bool Cached, IReadOnlyList<string> Warnings);

/// <summary><c>/status</c>: is it well and, if not, why.</summary>
internal sealed record Status
{
    /// <summary><c>ok</c>; <c>warning</c> where the configuration in force is doubted or its last edit was refused.</summary>
    public required string State { get; init; }

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

    public required IReadOnlyList<RouteStatus> Routes { get; init; }

    public required CacheReport Cache { get; init; }

    /// <summary>The last fifty edits, the newest first.</summary>
    public required IReadOnlyList<RevisionEvent> History { get; init; }
}

/// <summary>Gathers <see cref="Status"/> from those who know.</summary>
internal sealed class StatusReport(
    Revisions revisions, RevisionHistory history, SettingsFile file, Credential credential, AnswerCache cache, DeprecationWatch deprecations)
{
    public Status Now()
    {
        var revision = revisions.Current;
        var events = history.Events;
        var refused = events is [{ Accepted: false } last, ..] ? last.Findings : null;
        return new Status
        {
            State = refused is null && revision.Warnings.Count == 0 ? "ok" : "warning",
            Revision = revision.Id,
            SettingsFile = file.Path,
            CredentialFingerprint = credential.Fingerprint,
            Warnings = [.. revision.Warnings.Select(warning => warning.Describe(file.Name))],
            LastEditRefused = refused,
            Deprecations = deprecations.Told,
            Routes = [.. revision.Routes.Select(route => Of(route.RouteId, route.Match.Path, revision))],
            Cache = cache.Report(),
            History = events,
        };
    }

    private RouteStatus Of(string route, string? path, Revision revision)
    {
        var plan = revision.Plans[route];
        var key = $"ReverseProxy:Routes:{route}:";
        var warnings = revision.Warnings
            .Where(warning => warning.Key?.StartsWith(key, StringComparison.OrdinalIgnoreCase) == true)
            .Select(warning => warning.Describe(file.Name));
        return new RouteStatus(route, path, plan.ApiVersion.Count > 0 ? plan.ApiVersion.ToString() : null, plan.Cache is not null, [.. warnings]);
    }
}
