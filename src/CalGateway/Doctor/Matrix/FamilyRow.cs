namespace CalGateway.Doctor.Matrix;

/// <summary>A version pin in force, its route and its location in the file.</summary>
internal sealed record PinInForce(string Route, string Version, string Place);

/// <summary>The answers of one family, by version.</summary>
internal sealed class FamilyRow(FamilyRead read, PinInForce? pin)
{
    /// <summary>The key for a request without a version header.</summary>
    public const string NoVersion = "none";

    private readonly Dictionary<string, Cell> _cells = [];

    public FamilyRead Read { get; } = read;

    public PinInForce? Pin { get; } = pin;

    public Cell this[string version]
    {
        get => _cells.GetValueOrDefault(version) ?? new Cell(CellKind.NotAsked);
        set => _cells[version] = value;
    }

    public bool IsAsked => _cells.Count > 0;

    /// <summary>Judges the pin in force by the answers.</summary>
    public CheckResult Judge(string file) => Pin switch
    {
        null => CheckResult.Doubtful($"{Read.Name}: no route pins it.", $"Add a route for {Read.Operation.Template} with CalApiVersion to {file}."),
        _ when !IsAsked && Pin.Version == Read.Operation.RecommendedVersion =>
            CheckResult.Good($"{Read.Name}: pinned {Pin.Version} as the catalogue has it; not asked, there is no room for it in the forty requests."),
        _ => Judge(Pin, this[Pin.Version]),
    };

    private CheckResult Judge(PinInForce pin, Cell cell) => cell.Kind switch
    {
        CellKind.Answered or CellKind.Current => CheckResult.Good($"{Read.Name}: pinned {pin.Version} ✓"),
        CellKind.NotAsked => CheckResult.Skipped($"{Read.Name}: pinned {pin.Version}, not asked"),
        CellKind.Refused => CheckResult.Doubtful($"{Read.Name}: pinned {pin.Version}, answered {cell.Status}: the route is there, its answer was not to be had.", null),
        CellKind.Failed => CheckResult.Bad($"{Read.Name}: pinned {pin.Version}, {cell.Failure}.", "Try again; if it stays, see Cal.com's status page."),
        CellKind.Missing => CheckResult.Bad($"{Read.Name}: pinned {pin.Version}, where Cal.com has no such route (404).", Remedy(pin)),
        _ when Read.Operation.LegacyVersions.Contains(pin.Version) =>
            CheckResult.Doubtful($"{Read.Name}: pinned {pin.Version}, the older shape.", $"If that is not on purpose: {Remedy(pin)}"),
        _ => CheckResult.Bad($"{Read.Name}: pinned {pin.Version}, which this Cal.com does not know: it answers in its oldest shape.", Remedy(pin)),
    };

    private string Remedy(PinInForce pin) => Best() is { } version
        ? $"{pin.Place}: set CalApiVersion of route \"{pin.Route}\" to \"{version}\"; it takes effect on save."
        : $"{pin.Place}: no version that is known answers {Read.Operation}. Check that CALCOM_BASE_URL names Cal.com's API.";

    private string? Best() => Read.Operation.RecommendedVersion is { } recommended && this[recommended].IsThere
        ? recommended
        : _cells.Where(cell => cell.Key != NoVersion && cell.Value.IsThere).Select(cell => cell.Key).Max(StringComparer.Ordinal);
}
