using System.Text;
using System.Text.Json;
using CalGateway.CalCom.Pins;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Envelope;
using CalGateway.Envelope.Certificates;
using CalGateway.Journey.Routes;
using CalGateway.Problems;

namespace CalGateway.Commands;

/// <summary>
/// The verb <c>check</c>: prints everything that a start or a reload would refuse or warn of, without serving and without the network.
/// Exit code 1 where there are errors (or, with <c>--strict</c>, warnings), else 0.
/// </summary>
internal static class CheckCommand
{
    public static async Task<int> ExecuteAsync(Launch launch, bool strict, bool json)
    {
        EmbeddedTables.ReadAhead();
        var review = SettingsReview.Of(launch);
        IReadOnlyList<Finding> findings = [.. CredentialFindings(launch), .. CertificateFindings(launch), .. review.Findings];
        var notes = review.Revision is { } revision ? RouteNotes.Of(revision.Routes, revision.Get<ConsumerPins>()) : [];
        var failed = findings.Any(finding => strict || finding.Severity == Severity.Error);

        await Console.Out.WriteAsync(json ? Json(review.File, failed, findings, notes) : Text(review, findings, notes));
        return failed ? 1 : 0;
    }

    /// <summary>A credential that is set must be usable. A missing one is no error: a commit hook has none.</summary>
    private static IEnumerable<Finding> CredentialFindings(Launch launch)
    {
        if (launch.HasCredential && StartupException.Try(() => launch.Credential.Read(), out var failure) is null)
            yield return Finding.Error(failure!);
    }

    /// <summary>So must certificates be, which only variables name.</summary>
    private static IEnumerable<Finding> CertificateFindings(Launch launch) =>
        StartupException.Try(() => CertificateFiles.In(Listening.HostSettings(launch.Environment), AppContext.BaseDirectory), out var failure) is not { } files
            ? [Finding.Error(failure!)]
            : files.All.Select(file => file.Objection(TimeProvider.System.GetUtcNow())).OfType<string>().Select(objection => Finding.Warning(objection));

    private static string Text(SettingsReview review, IReadOnlyList<Finding> findings, IReadOnlyList<string> notes)
    {
        var file = review.File;
        var text = new StringBuilder(string.Concat(notes.Select(note => $"{file.Name}: note: {note}\n")));
        if (findings.Count == 0)
            return text.Append(file.Path).Append(": nothing to say against it.\n").ToString();

        var source = new QuotedSource(review.Content ?? []);
        foreach (var finding in findings)
            text.Append(finding.Describe(file.Name)).Append('\n').Append(source.Show(finding.Line, finding.Column, Setting.IsConfidential(finding.Key ?? "")));

        return text.ToString();
    }

    private static string Json(SettingsFile file, bool failed, IReadOnlyList<Finding> findings, IReadOnlyList<string> notes) =>
        JsonSerializer.Serialize(new { File = file.Path, Passed = !failed, Findings = findings, Notes = notes }, ReadableJson.Options) + "\n";
}
