using System.Text.Json;
using CalGateway.CalCom.Pins;
using CalGateway.Catalogue;
using CalGateway.Journey.Routes;

namespace CalGateway.Doctor.Matrix;

/// <summary>
/// Asks every family of endpoints at every known version and without a version: five families at seven versions and none make forty requests.
/// The pins in force are asked first, in case the quota does not suffice for the rest.
/// </summary>
internal sealed class LiveMatrix(CalComCatalogue catalogue, DoctorContext context, Probe probe, TimeProvider clock, int maxRequests = LiveMatrix.MaxRequests)
{
    public const int MaxRequests = 40;

    private readonly Dictionary<Operation, (PinInForce Pin, IReadOnlyList<PinInForce> Others)> _pins = PinsInForce(context);
    private int _asked;

    /// <summary>The versions of the matrix, oldest first: the known ones and those that only a pin names.</summary>
    public IReadOnlyList<string> Versions { get; private set; } = [];

    public async Task<IReadOnlyList<FamilyRow>> ReadAsync(CancellationToken cancellation)
    {
        var eventTypes = RowFor(FamilyRead.EventTypes(catalogue));
        await AskAllAsync([eventTypes], cancellation);

        var known = context.EventTypes is [var first, ..] ? first : null;
        var others = FamilyRead.Others(catalogue, known, clock.GetUtcNow()).Select(RowFor).ToList();
        await AskAllAsync(others, cancellation);

        // Last, because the forty requests may not suffice: they do where the account has no event type to ask for private links of.
        var last = RowFor(FamilyRead.VerifiedResources(catalogue));
        await AskAllAsync([last], cancellation);

        FamilyRow[] rows = [eventTypes, .. others, last];
        Versions = [.. catalogue.KnownVersions.Concat(rows.SelectMany(row => row.VersionsInForce)).Distinct().Order(StringComparer.Ordinal)];
        return rows;
    }

    /// <summary>Asks the families in turns, one version each, so that every family's first versions are asked even if the quota runs out.</summary>
    private async Task AskAllAsync(IReadOnlyList<FamilyRow> rows, CancellationToken cancellation)
    {
        var orders = rows.Select(row => (row, Versions: InOrder(row).ToList())).ToList();
        for (var turn = 0; orders.Exists(order => turn < order.Versions.Count); turn++)
        {
            foreach (var (row, versions) in orders.Where(order => turn < order.Versions.Count))
                await AskAsync(row, versions[turn], cancellation);
        }
    }

    private async Task AskAsync(FamilyRow row, string version, CancellationToken cancellation)
    {
        if (_asked >= maxRequests || probe.Stopped is not null)
            return;

        _asked++;
        context.Progress?.Invoke($"Versions, {_asked} of {maxRequests}");
        var answer = await probe.ReadAsync(row.Read.Target, version == FamilyRow.NoVersion ? null : version, cancellation);
        row[version] = Cell.Of(answer, row.Read.Operation);
        if (row.Read.Name == "event-types" && row[version].Kind == CellKind.Current)
            context.EventTypes ??= EventTypesIn(answer);
    }

    /// <summary>First the versions in force, then no version, then the versions that the catalogue has for the family, then all other known ones.</summary>
    private IEnumerable<string> InOrder(FamilyRow row) =>
        row.VersionsInForce.Append(FamilyRow.NoVersion).Concat(row.Read.Operation.Versions).Concat(catalogue.KnownVersions).Distinct();

    private FamilyRow RowFor(FamilyRead read) => _pins.TryGetValue(read.Operation, out var pins) ? new(read, pins.Pin, pins.Others) : new(read, null, []);

    private static Dictionary<Operation, (PinInForce Pin, IReadOnlyList<PinInForce> Others)> PinsInForce(DoctorContext context)
    {
        var assigned = context.Revision is { } revision ? new RouteTable(revision.Routes).Assign(CalComCatalogue.Default.Operations) : [];
        var pins =
            from route in assigned
            let pin = ApiVersionPin.Of(route.Route)
            where pin is not null
            let inForce = new PinInForce(route.Route.RouteId, pin.Version, context.PlaceOf(pin.KeyOn(route.Route)))
            let others = OthersOn(route.Route.RouteId, context)
            from operation in route.Operations
            select (operation, (inForce, others));
        return pins.DistinctBy(pair => pair.operation).ToDictionary();
    }

    private static IReadOnlyList<PinInForce> OthersOn(string route, DoctorContext context) =>
    [
        .. from own in context.Revision!.Get<ConsumerPins>().On(route)
           group own by own.Version into same
           let first = same.First()
           let whose = context.Personal(first.Consumer, "a consumer") + (same.Count() > 1 ? $" and {same.Count() - 1} more" : "")
           select new PinInForce(route, same.Key, context.PlaceOf(first.Setting), whose),
    ];

    private static List<EventTypeSeen>? EventTypesIn(ProbeAnswer answer)
    {
        if (answer.Json is not { } json || !json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            return null;

        return [.. data.EnumerateArray().Where(type => type.ValueKind == JsonValueKind.Object).Select(type => new EventTypeSeen(
            Number(type, "id"), Text(type, "title"), Text(type, "slug"), (int)Number(type, "lengthInMinutes"),
            type.TryGetProperty("hidden", out var hidden) && hidden.ValueKind == JsonValueKind.True))];
    }

    private static long Number(JsonElement type, string name) =>
        type.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    private static string Text(JsonElement type, string name) =>
        type.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
