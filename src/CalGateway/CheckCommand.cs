using System.Text;
using System.Text.Json;
using CalGateway.Access;
using CalGateway.CalCom.Pins;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Management;
using CalGateway.Problems;

namespace CalGateway;

/// <summary>
/// The verb <c>check</c>: everything that a start or a reload would refuse or warn of, without serving and without the network.
/// Exit code 0 where nothing or only warnings were found, 1 where errors were (or, with <c>--strict</c>, warnings).
/// </summary>
internal static class CheckCommand
{
    public static async Task<int> ExecuteAsync(Launch launch, bool strict, bool json)
    {
        var file = launch.SettingsFile;
        var (content, findings, notes) = Examine(launch, file);
        var failed = findings.Any(finding => strict || finding.Severity == Severity.Error);

        await Console.Out.WriteAsync(json ? Json(file, failed, findings, notes) : Text(file, content, findings, notes));
        return failed ? 1 : 0;
    }

    private static (byte[]? Content, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes) Examine(Launch launch, SettingsFile file)
    {
        var environment = Environment(launch).ToList();
        var (content, failure) = file.Read();
        if (content is null)
            return (null, [.. environment, Finding.Error(failure!)], []);

        var parts = RevisionParts.Of(AccessGround.OfSettingsAlone(launch.Addresses));
        var factory = new RevisionFactory(file.Name, launch.Overlay, environment.Count == 0 ? launch.Upstream?.Replacement : null, parts);
        var attempt = factory.Create(content);
        return (content, [.. environment, .. attempt.Findings], attempt.Revision is { } revision ? RouteNotes.Of(revision.Routes) : []);
    }

    /// <summary>A credential that is set must be usable. One that is not set is no finding: a commit hook has none.</summary>
    private static IEnumerable<Finding> Environment(Launch launch)
    {
        foreach (var examine in new Action[] { () => _ = launch.Upstream, () => _ = launch.HasCredential ? launch.Credential.Read() : null })
        {
            string? message = null;
            try
            {
                examine();
            }
            catch (StartupException failure)
            {
                message = failure.Message;
            }

            if (message is not null)
                yield return Finding.Error(message);
        }
    }

    private static string Text(SettingsFile file, byte[]? content, IReadOnlyList<Finding> findings, IReadOnlyList<string> notes)
    {
        var told = string.Concat(notes.Select(note => $"{file.Name}: note: {note}\n"));
        if (findings.Count == 0)
            return $"{told}{file.Path}: nothing to say against it.\n";

        var source = new QuotedSource(content ?? []);
        var text = new StringBuilder(told);
        foreach (var finding in findings)
            text.Append(finding.Describe(file.Name)).Append('\n').Append(source.Show(finding.Line, finding.Column, Setting.IsConfidential(finding.Key ?? "")));

        return text.ToString();
    }

    private static string Json(SettingsFile file, bool failed, IReadOnlyList<Finding> findings, IReadOnlyList<string> notes) =>
        JsonSerializer.Serialize(new { File = file.Path, Passed = !failed, Findings = findings, Notes = notes }, ReadableJson.Options) + "\n";
}
