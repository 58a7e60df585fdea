using CalGateway.Catalogue;
using CalGateway.Diagnosis.Shape;
using CalGateway.Diagnosis.Structures;
using CalGateway.Rehearsal.Reading;

namespace CalGateway.Rehearsal;

/// <summary>
/// Sends each read of a route at the pinned version, at the other version, and at the pinned version again. Differences between the two pinned reads are
/// noise. For a version that the catalogue does not know, it also asks at the oldest version, to detect a silent downgrade.
/// </summary>
internal sealed class RehearsalRun(RehearsedRoute route, RehearsalClient client, CalComCatalogue catalogue, TimeProvider clock, Action<string> progress)
{
    /// <summary>One at the pinned version, one at the other, and one at the pinned version again.</summary>
    private const int RequestsPerRead = 3;

    private readonly ReadTargets _targets = new(client, route, catalogue, clock);

    /// <summary>True where Cal.com may not know the version: it is not in the catalogue, or only api.cal.com has it.</summary>
    private readonly bool _mayBeUnknown = !catalogue.KnownVersions.Contains(route.Version) || catalogue.HostedOnlyVersions.Contains(route.Version);

    public async Task<RehearsalReport> ExecuteAsync(CancellationToken cancellation)
    {
        var reads = route.Operations.Where(operation => operation.Method == "GET").OrderBy(operation => operation.Template.Count(letter => letter == '{')).ToList();
        var outcomes = new List<ReadOutcome>();
        foreach (var read in reads)
        {
            progress($"{read.Template}, read {outcomes.Count + 1} of {reads.Count}");
            outcomes.Add(await TryAsync(read, cancellation));
        }

        var writes = route.Operations.Where(operation => operation.Method != "GET").Select(operation => WriteOutlook.Of(operation, route)).ToList();
        var (verdict, says) = VerdictRules.Of(route, outcomes, writes, catalogue);
        return new RehearsalReport(route.Route, route.Pinned, route.Version, verdict, says)
        {
            Reads = outcomes,
            Writes = writes,
            Requests = client.Count,
            At = clock.GetUtcNow(),
        };
    }

    private async Task<ReadOutcome> TryAsync(Operation read, CancellationToken cancellation)
    {
        if (ReadTargets.WhyNot(read) is { } reason)
            return ReadOutcome.NotCompared(read, reason);
        if (client.Stopped is { } stopped)
            return ReadOutcome.Failed(read, stopped);
        if (!read.Answers(route.Pinned) && !read.Answers(route.Version) && !_mayBeUnknown)
            return ReadOutcome.NotCompared(read, "by the catalogue a route miss at both versions");
        if (client.Left < RequestsPerRead)
            return ReadOutcome.NotCompared(read, $"there is no room for it in the {RehearsalClient.MaxRequests} requests of a rehearsal");

        var target = await _targets.OfAsync(read, cancellation);
        if (client.Stopped is { } since)
            return ReadOutcome.Failed(read, since);
        if (target is null)
            return ReadOutcome.NotCompared(read, _targets.WhyNone);
        return client.Left < RequestsPerRead
            ? ReadOutcome.NotCompared(read, $"there is no room for it in the {RehearsalClient.MaxRequests} requests of a rehearsal")
            : await CompareAsync(read, target, cancellation);
    }

    private async Task<ReadOutcome> CompareAsync(Operation read, string target, CancellationToken cancellation)
    {
        var pinned = await client.ReadAsync(target, route.Pinned, cancellation);
        _targets.Keep(read, pinned);
        if (pinned.Failure is { } failure)
            return ReadOutcome.Failed(read, failure);
        if (!pinned.IsSuccess)
            return ReadOutcome.NotCompared(read, pinned.IsRouteMiss ? $"already a route miss at {route.Pinned}" : $"answered {pinned.Status} at {route.Pinned}", pinned.Status);

        var other = await client.ReadAsync(target, route.Version, cancellation);
        if (other.Failure is { } failed)
            return ReadOutcome.Failed(read, failed);

        var isDowngraded = await IsDowngradedAsync(read, target, pinned, other, cancellation);
        var outcome = new ReadOutcome(read, OutcomeKind.RouteMiss) { PinnedStatus = pinned.Status, Status = other.Status, IsDowngraded = isDowngraded };
        if (other.IsRouteMiss)
            return outcome;
        if (!other.IsSuccess)
            return outcome with { Kind = OutcomeKind.Refused };

        var again = await client.ReadAsync(target, route.Pinned, cancellation);
        return Compare(read, outcome, pinned, again, other);
    }

    private ReadOutcome Compare(Operation read, ReadOutcome outcome, ReadAnswer pinned, ReadAnswer again, ReadAnswer other)
    {
        var (before, after) = (pinned.Structure, other.Structure);
        if ((Fault(before, route.Pinned) ?? Fault(after, route.Version)) is { } fault)
            return ReadOutcome.Failed(read, fault) with { IsDowngraded = outcome.IsDowngraded };

        // Without the second pinned read, noise cannot be told from differences, so nothing is reported as a difference.
        if (!again.IsSuccess || Fault(again.Structure, route.Pinned) is not null)
            return ReadOutcome.Failed(read, again.Failure ?? "the second read at the pinned version failed") with { IsDowngraded = outcome.IsDowngraded };

        var compared = StructureComparison.Compare(before, again.Structure, after);
        return compared.HasData
            ? outcome with { Kind = OutcomeKind.Compared, Compared = compared }
            : ReadOutcome.NotCompared(read, compared.Differences.Count == 0 ? "its answers hold no data" : $"its answer at {route.Pinned} holds no data", outcome.PinnedStatus) with { Status = outcome.Status, IsDowngraded = outcome.IsDowngraded };
    }

    private async Task<bool> IsDowngradedAsync(Operation read, string target, ReadAnswer pinned, ReadAnswer other, CancellationToken cancellation)
    {
        if (read.Shapes is { } marks && other.IsSuccess && !read.LegacyVersions.Contains(route.Version) && Fingerprint.Read(other.Body, marks) == SeenShape.Legacy)
            return true;
        if (!_mayBeUnknown || route.Version == catalogue.DefaultVersion)
            return false;

        var oldest = route.Pinned == catalogue.DefaultVersion ? pinned : await client.ReadAsync(target, catalogue.DefaultVersion, cancellation);
        var isKnown = catalogue.KnownVersions.Contains(route.Version);
        return AreEqual(oldest, other) && (!isKnown || !AreEqual(pinned, other));
    }

    private static bool AreEqual(ReadAnswer one, ReadAnswer other) =>
        one.Failure is null && other.Failure is null && one.Status == other.Status && one.IsRouteMiss == other.IsRouteMiss
        && (!one.IsSuccess || StructureComparison.Compare(one.Structure, other.Structure).Differences.Count == 0);

    private static string? Fault(AnswerStructure structure, string version) => structure.Fault switch
    {
        StructureFault.NotJson => $"its answer at {version} is no JSON",
        StructureFault.Broken => $"its answer at {version} breaks off, or stops being JSON, in the middle",
        _ => null,
    };
}
