using System.Text.RegularExpressions;
using CalGateway.Catalogue;
using CalGateway.Configuration.Schema;

namespace CalGateway.Doctor.Report;

/// <summary>
/// Removes everything personal from a report, so that it can be pasted into a public issue. The checks already leave out what they know to be
/// personal; hosts, files and quoted names inside messages of the system or of settings are removed here.
/// </summary>
internal sealed partial class PublicReport(DoctorContext context)
{
    private const string Gap = "…";

    private static readonly string[] PublicHosts = ["localhost", "api.cal.com", "api.cal.eu"];
    private static readonly Lazy<HashSet<string>> Vocabulary = new(ReadVocabulary);

    public DoctorReport Of(DoctorReport report) => report with { Checks = [.. report.Checks.Select(Of)] };

    private CompletedCheck Of(CompletedCheck check) => check with
    {
        Result = check.Result with
        {
            Finding = Clean(check.Result.Finding),
            Remedy = check.Result.Remedy is { } remedy ? Clean(remedy) : null,
            Details = [.. check.Result.Details.Select(Clean)],
        },
    };

    private string Clean(string text)
    {
        var clean = Quotations().Replace(text, quoted => IsOurs(quoted.Groups[1].Value) ? quoted.Value : $"\"{Gap}\"");
        clean = Mail().Replace(clean, Gap);
        clean = Hosts().Replace(clean, address => IsPublic(address.Groups[2].Value) ? address.Value : address.Groups[1].Value + Gap);
        clean = Files().Replace(clean, Gap);
        return OwnNames().Aggregate(clean, (shown, name) => shown.Replace(name, Gap, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Names of this installation, which also occur outside addresses, as in "Connection refused (cal.example.com:443)".</summary>
    private IEnumerable<string> OwnNames()
    {
        if (!IsPublic(context.Upstream.Host))
            yield return context.Upstream.Host;
        if (context.Username is { Length: > 2 } username)
            yield return username;
        yield return Environment.MachineName;
    }

    private static bool IsPublic(string host) => PublicHosts.Contains(host, StringComparer.OrdinalIgnoreCase) || host.StartsWith("127.", StringComparison.Ordinal);

    /// <summary>Versions, families and the names of settings are not personal.</summary>
    private static bool IsOurs(string quoted) => Versions().IsMatch(quoted) || Vocabulary.Value.Contains(quoted);

    private static HashSet<string> ReadVocabulary()
    {
        using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream(SettingsSchema.ResourceName)!;
        using var text = new StreamReader(stream);
        var settings = Members().Matches(text.ReadToEnd()).Select(member => member.Groups[1].Value);
        var families = CalComCatalogue.Default.Operations.Select(operation => operation.Family);
        return [.. settings, .. families, "private-links", "calcom", "true", "false", "Bearer", "none"];
    }

    [GeneratedRegex("\"([^\"\n]*)\"")]
    private static partial Regex Quotations();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(\.[\w-]+)+")]
    private static partial Regex Mail();

    [GeneratedRegex(@"(https?://)([^/\s:,;)""]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Hosts();

    /// <summary>Absolute paths of files. Paths of the API, which look alike, stay.</summary>
    [GeneratedRegex(@"(?<![\w.:/}])(?:[A-Za-z]:\\|/(?!v[12]\b|calcom\b|status\b|healthz\b|_gateway\b|api\b))[^\s,;:'""]+")]
    private static partial Regex Files();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d$")]
    private static partial Regex Versions();

    [GeneratedRegex(@"""([\w$-]+)""\s*:")]
    private static partial Regex Members();
}
