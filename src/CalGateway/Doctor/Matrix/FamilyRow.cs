namespace CalGateway.Doctor.Matrix;

/// <summary>A version in force on a route: its pin, or the own version of consumers.</summary>
/// <param name="Consumers">The consumers as the report may name them; null for the pin.</param>
internal sealed record PinInForce(string Route, string Version, string Place, string? Consumers = null);

/// <summary>The answers of one family, by version.</summary>
internal sealed class FamilyRow(FamilyRead read, PinInForce? pin, IReadOnlyList<PinInForce> others)
{
    /// <summary>The key for a request without a version header.</summary>
    public const string NoVersion = "none";

    private readonly Dictionary<string, Cell> _cells = [];

    public FamilyRead Read { get; } = read;

    public PinInForce? Pin { get; } = pin;

    /// <summary>The own versions of consumers, one entry for each version.</summary>
    public IReadOnlyList<PinInForce> Others { get; } = others;

    /// <summary>The version of the pin, then those of consumers.</summary>
    public IEnumerable<string> VersionsInForce => (Pin is null ? [] : new[] { Pin }).Concat(Others).Select(pin => pin.Version).Distinct();

    public Cell this[string version]
    {
        get => _cells.GetValueOrDefault(version) ?? new Cell(CellKind.NotAsked);
        set => _cells[version] = value;
    }

    public bool IsAsked => _cells.Count > 0;

    public CheckResult ResultOf(string file) => Pin switch
    {
        null => CheckResult.Doubtful($"{Read.Name}: no route pins it.", $"Add a route for {Read.Operation.Template} with CalApiVersion to {file}."),
        _ when !IsAsked && Pin.Version == Read.Operation.RecommendedVersion =>
            CheckResult.Good($"{Read.Name}: pinned {Pin.Version} as the catalogue has it; not asked, there is no room for it in the forty requests."),
        _ => ResultOf(Pin, this[Pin.Version]),
    };

    public IEnumerable<CheckResult> ResultsOfOthers() => Others.Select(pin => ResultOf(pin, this[pin.Version]));

    private string NameFor(PinInForce pin) => pin.Consumers is null ? Read.Name : $"{Read.Name} for {pin.Consumers}";

    private CheckResult ResultOf(PinInForce pin, Cell cell) => cell.Kind switch
    {
        CellKind.Answered or CellKind.Current => CheckResult.Good($"{NameFor(pin)}: pinned {pin.Version} ✓"),
        CellKind.NotAsked => CheckResult.Skipped($"{NameFor(pin)}: pinned {pin.Version}, not asked"),
        CellKind.Refused => CheckResult.Doubtful($"{NameFor(pin)}: pinned {pin.Version}, answered {cell.Status}: the route is there, its answer was not to be had.", null),
        CellKind.Failed => CheckResult.Bad($"{NameFor(pin)}: pinned {pin.Version}, {cell.Failure}.", "Try again; if it stays, see Cal.com's status page."),
        CellKind.Missing => CheckResult.Bad($"{NameFor(pin)}: pinned {pin.Version}, where Cal.com has no such route (404).", Remedy(pin)),
        _ when Read.Operation.LegacyVersions.Contains(pin.Version) =>
            CheckResult.Doubtful($"{NameFor(pin)}: pinned {pin.Version}, the older shape.", $"If that is not on purpose: {Remedy(pin)}"),
        _ => CheckResult.Bad($"{NameFor(pin)}: pinned {pin.Version}, which this Cal.com does not know: it answers in its oldest shape.", Remedy(pin)),
    };

    private string Remedy(PinInForce pin) => Best() is { } version
        ? $"{pin.Place}: set {(pin.Consumers is null ? "CalApiVersion" : "the consumer's version")} of route \"{pin.Route}\" to \"{version}\"; it takes effect on save."
        : $"{pin.Place}: no version that is known answers {Read.Operation}. Check that CALCOM_BASE_URL names Cal.com's API.";

    private string? Best() => Read.Operation.RecommendedVersion is { } recommended && this[recommended].IsThere
        ? recommended
        : _cells.Where(cell => cell.Key != NoVersion && cell.Value.IsThere).Select(cell => cell.Key).Max(StringComparer.Ordinal);
}
