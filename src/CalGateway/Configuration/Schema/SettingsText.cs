using System.Text;
using System.Text.Unicode;

namespace CalGateway.Configuration.Schema;

/// <summary>
/// The text of <c>yarp.json</c> as flat settings in ASP.NET's form with their locations, validated with <see cref="SettingsSchema"/>.
/// UTF-8 with or without a byte order mark; comments and trailing commas are accepted, as in ASP.NET's own settings files.
/// </summary>
internal sealed class SettingsText
{
    /// <summary>Large enough for about twenty thousand routes, and small enough to be read four times a second.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>A part of the file is a key of three levels, such as <c>ReverseProxy:Routes:event-types</c>.</summary>
    private const int PartLevels = 3;

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Place> _places = new(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _refusedParts;

    private SettingsText(SettingNode root, IEnumerable<Finding> findings)
    {
        Flatten(root);
        _refusedParts = findings.Select(finding => PartOf(finding.Key)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>Reads the settings; null where the text is not JSON. One that breaks the schema becomes a finding and is left out.</summary>
    /// <param name="renamed">Old names that are understood; null for this version's.</param>
    public static SettingsText? Parse(ReadOnlySpan<byte> utf8, List<Finding> findings, RenamedSettings? renamed = null)
    {
        var bounded = new FindingList(findings);
        var before = new List<Finding>();
        var root = Unreadable(ref utf8, bounded) ? null : SettingsReader.Read(utf8, bounded);
        if (root is not null)
        {
            (renamed ?? RenamedSettings.Known).Apply(root, before);
            new SchemaCheck(bounded).Value(root, SettingsSchema.Root, null);
        }

        bounded.Close();
        var text = root is null ? null : new SettingsText(root, findings);
        findings.AddRange(before);
        return text;
    }

    /// <summary>True where the file has this setting, or an object or a list by this key.</summary>
    public bool Has(string key) => _places.ContainsKey(key);

    /// <summary>The names directly below a key, as written in the file.</summary>
    public IReadOnlyList<string> NamesBelow(string key) =>
    [
        .. _places.Keys.Where(other => other.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)).Select(other => other[(key.Length + 1)..])
            .Where(name => !name.Contains(':', StringComparison.Ordinal)),
    ];

    /// <summary>The location of a setting or, where the file does not have it, of its nearest parent.</summary>
    public Place PlaceOf(string? key)
    {
        for (var at = key; !string.IsNullOrEmpty(at); at = at.LastIndexOf(':') is > 0 and var cut ? at[..cut] : null)
        {
            if (_places.TryGetValue(at, out var place))
                return place;
        }

        return default;
    }

    /// <summary>
    /// True where the schema has already found an error in the same part of the file, such as a route. The finding may only follow from that error: of a
    /// route with a mistyped <c>Path</c>, YARP would say that it has none.
    /// </summary>
    public bool IsInRefusedPart(Finding finding)
    {
        var parts = (finding.Key ?? "").Split(':');
        return Enumerable.Range(0, PartLevels + 1).Any(levels => _refusedParts.Contains(string.Join(':', parts.Take(levels))));
    }

    private static string PartOf(string? key) => string.Join(':', (key ?? "").Split(':').Take(PartLevels));

    private static bool Unreadable(ref ReadOnlySpan<byte> utf8, FindingList findings)
    {
        if (utf8.StartsWith<byte>([0xFF, 0xFE]) || utf8.StartsWith<byte>([0xFE, 0xFF]))
        {
            findings.Add(new Place(1, 1), null, () => "The file is saved as UTF-16. Save it as UTF-8.");
            return true;
        }

        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];

        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            findings.Add(default, null, () => "The file is empty. Restore it, or start from the yarp.json that ships with CalGateway.");
            return true;
        }

        if (Utf8.IsValid(utf8))
            return false;

        Utf8.ToUtf16(utf8, new char[utf8.Length], out var valid, out _, replaceInvalidSequences: false);
        findings.Add(new PlaceCursor(utf8).At(valid), null, () => "This character is not UTF-8. Save the file as UTF-8.");
        return true;
    }

    private void Flatten(SettingNode node)
    {
        // A finding about an object has the location of its name, a finding about a value that of the value.
        _places[node.Key] = node.Text is null ? node.NamePlace : node.Place;
        if (node.Refused)
            return;

        if (node.Text is not null)
            _values[node.Key] = node.Text;
        foreach (var child in node.Children)
            Flatten(child);
    }
}
