using System.Text.Json;
using CalGateway.CalCom;
using CalGateway.Catalogue;
using CalGateway.Configuration.Lint;

namespace CalGateway.Doctor.Matrix;

/// <summary>
/// Asks every family at every version that is known, and without one. The pins in force come first, so that they are known
/// even where the doctor may not ask for more.
/// </summary>
internal sealed class LiveMatrix(CalComCatalogue catalogue, Examination examination, Probe probe, TimeProvider clock)
{
    /// <summary>The one v1 request is still to come.</summary>
    private const int LeftForOthers = 1;

    private readonly Dictionary<Operation, PinInForce> _pins = PinsInForce(examination);

    /// <summary>Oldest first, the ones that only a pin knows included.</summary>
    public IReadOnlyList<string> Versions { get; private set; } = [];

    public async Task<IReadOnlyList<FamilyRow>> AskAsync(CancellationToken cancellation)
    {
        var eventTypes = RowFor(FamilyRead.EventTypes(catalogue));
        Versions = VersionsWith([eventTypes]);
        foreach (var version in InOrder(eventTypes))
            await AskAsync(eventTypes, version, cancellation);

        var others = FamilyRead.Others(catalogue, examination.EventTypes is [var first, ..] ? first : null, clock.GetUtcNow()).Select(RowFor).ToList();
        FamilyRow[] rows = [eventTypes, .. others];
        Versions = VersionsWith(rows);
        foreach (var depth in Enumerable.Range(0, Versions.Count + 1))
        {
            foreach (var row in others.Where(row => depth < 2 || row.Read.Operation.Versions.Count > 1 || row.Read.Name == "slots"))
                await AskNthAsync(row, depth, cancellation);
        }

        foreach (var depth in Enumerable.Range(2, Versions.Count - 1))
        {
            foreach (var row in rows)
                await AskNthAsync(row, depth, cancellation);
        }

        return rows;
    }

    private async Task AskNthAsync(FamilyRow row, int depth, CancellationToken cancellation)
    {
        if (InOrder(row).Skip(depth).FirstOrDefault() is { } version && row[version].Kind == CellKind.NotAsked)
            await AskAsync(row, version, cancellation);
    }

    private async Task AskAsync(FamilyRow row, string version, CancellationToken cancellation)
    {
        if (probe.Left <= LeftForOthers)
            return;

        var answer = await probe.ReadAsync(row.Read.Target, version == FamilyRow.NoVersion ? null : version, cancellation);
        row[version] = Cell.Of(answer, row.Read.Operation);
        if (row.Read.Name == "event-types" && row[version].Kind == CellKind.Current)
            examination.EventTypes ??= EventTypesIn(answer);
    }

    /// <summary>The pin, none, then the rest from the newest that the catalogue has for it.</summary>
    private IEnumerable<string> InOrder(FamilyRow row)
    {
        string[] first = row.Pin is { } pin ? [pin.Version, FamilyRow.NoVersion] : [FamilyRow.NoVersion];
        return first.Concat(row.Read.Operation.Versions).Concat(Versions.Reverse()).Distinct();
    }

    private IReadOnlyList<string> VersionsWith(IEnumerable<FamilyRow> rows) =>
        [.. catalogue.KnownVersions.Concat(rows.Select(row => row.Pin?.Version).OfType<string>()).Distinct().Order(StringComparer.Ordinal)];

    private FamilyRow RowFor(FamilyRead read) => new(read, _pins.GetValueOrDefault(read.Operation));

    private static Dictionary<Operation, PinInForce> PinsInForce(Examination examination)
    {
        var assigned = examination.Revision is { } revision ? new RouteTable(revision.Routes).Assign(CalComCatalogue.Default.Operations) : [];
        var pins =
            from route in assigned
            let pin = CalApiVersionTransformFactory.PinOf(route.Route)
            where pin is not null
            let place = examination.PlaceOf($"ReverseProxy:Routes:{route.Route.RouteId}:Transforms:{pin.Index}:{CalApiVersionTransformFactory.Key}")
            from operation in route.Operations
            select (operation, new PinInForce(route.Route.RouteId, pin.Version, place));
        return pins.DistinctBy(pair => pair.operation).ToDictionary();
    }

    private static List<EventTypeSeen>? EventTypesIn(ProbeAnswer answer)
    {
        if (answer.Json is not { } json || !json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            return null;

        return [.. data.EnumerateArray().Select(type => new EventTypeSeen(
            Number(type, "id"), Text(type, "title"), Text(type, "slug"), (int)Number(type, "lengthInMinutes"),
            type.TryGetProperty("hidden", out var hidden) && hidden.ValueKind == JsonValueKind.True))];
    }

    private static long Number(JsonElement type, string name) =>
        type.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(JsonElement type, string name) =>
        type.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
