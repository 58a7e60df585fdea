using System.Globalization;
using CalGateway.Catalogue;
using CalGateway.Catalogue.Reading;

namespace CalGateway.CatalogueTool;

/// <summary>operations.txt with what a newer description adds to it, and what that is, a line each.</summary>
internal sealed record Renewal(string Text, IReadOnlyList<string> Changes)
{
    public static Renewal Of(string text, IReadOnlyList<Described> described, DateOnly date)
    {
        var known = CatalogueReader.Read(new StringReader(text));
        var lines = text.Split('\n').ToList();
        var changes = new List<string>();
        lines[lines.FindIndex(line => line.StartsWith("date ", StringComparison.Ordinal))] = $"date     {date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";

        foreach (var version in described.Select(operation => operation.Version).OfType<string>().Except(known.KnownVersions).Distinct().Order(StringComparer.Ordinal))
            AddVersion(lines, version, changes);
        foreach (var operation in described)
        {
            if (known.Find(operation.Method, operation.Path) is not { } before)
            {
                AddOperation(lines, operation, changes);
                continue;
            }

            if (before.Unconfirmed)
                Confirm(lines, before, changes);
            if (operation.Version is { } version && before.Versions.Count > 0 && !before.Versions.Contains(version))
                AddVersionTo(lines, before, version, known.HostedOnlyVersions, changes);
        }

        return new Renewal(string.Join('\n', lines), changes);
    }

    private static void AddVersion(List<string> lines, string version, List<string> changes)
    {
        var older = lines.FindIndex(line => VersionOn(line) is { } other && string.CompareOrdinal(other, version) < 0);
        lines.Insert(older, $"version  {version}");
        changes.Add($"new version {version}: say \"hosted\" beside it if only api.cal.com knows it, and check which operations answer it");
    }

    private static void AddOperation(List<string> lines, Described operation, List<string> changes)
    {
        var family = Family.Of(operation.Path);
        var last = lines.FindLastIndex(line => Words(line) is [_, var path, _, _, ..] && path.StartsWith('/') && Family.Of(path).SequenceEqual(Family.Of(operation.Path)));
        if (last < 0)
        {
            lines.AddRange([$"# {family}", ""]);
            last = lines.Count - 2;
        }

        lines.Insert(last + 1, $"{operation.Method}  {operation.Path}  {operation.Version ?? "all"}  {operation.Version ?? "-"}  {operation.Auth}  {RiskOf(operation)}");
        changes.Add($"new {operation.Method} {operation.Path}: judge its risk, which is a guess");
    }

    private static void Confirm(List<string> lines, Operation operation, List<string> changes)
    {
        var index = LineOf(lines, operation);
        lines[index] = lines[index].Replace("  unconfirmed", "", StringComparison.Ordinal).TrimEnd();
        changes.Add($"{operation} is documented, and so no longer unconfirmed");
    }

    private static int LineOf(List<string> lines, Operation operation) =>
        lines.FindIndex(line => Words(line) is [var method, var path, ..] && method == operation.Method && path == operation.Template);

    /// <summary>A version that is newly documented is the newest, and the one to send.</summary>
    private static void AddVersionTo(
        List<string> lines, Operation operation, string version, IReadOnlyList<string> hosted, List<string> changes)
    {
        var index = LineOf(lines, operation);
        var words = Words(lines[index]);
        var halves = words[2].Split('|');
        halves[0] = string.Join(',', halves[0].Split(',').Append(version).OrderByDescending(DateOf, StringComparer.Ordinal));
        words[2] = string.Join('|', halves);
        words[3] = version;
        lines[index] = string.Join("  ", words[..6]) + (words.Length > 6 ? "  " + string.Join(' ', words[6..]) : "");
        string DateOf(string word) => word.StartsWith("hosted", StringComparison.Ordinal) ? hosted[0] : word;
        changes.Add($"{operation} is documented at {version}, which it was not known to answer: whether it still answers the others is to be checked");
    }

    /// <summary>The careful guess: what is not exposed by mistake can still be opened.</summary>
    private static string RiskOf(Described operation) => operation switch
    {
        { Path: var path } when path.StartsWith("/v2/organizations", StringComparison.OrdinalIgnoreCase) => "org-admin",
        { Path: var path, Method: not "GET" } when path.Contains("/webhooks", StringComparison.OrdinalIgnoreCase) => "exfiltration",
        { Path: var path } when path.Contains("oauth", StringComparison.OrdinalIgnoreCase) || path.Contains("api-keys", StringComparison.OrdinalIgnoreCase) => "credential",
        { Method: not "GET" } => "owner-write",
        { Auth: "none" } => "public",
        _ => "owner-read-pii",
    };

    private static string? VersionOn(string line) => Words(line) is ["version", var version, ..] ? version : null;

    private static string[] Words(string line) => line.StartsWith('#') ? [] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
