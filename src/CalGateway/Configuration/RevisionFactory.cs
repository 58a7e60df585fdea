using CalGateway.Configuration.Rules;
using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Settings;

namespace CalGateway.Configuration;

/// <summary>What became of an attempt to make a revision: one is there unless a finding is an error.</summary>
/// <param name="Fault">What was thrown where the gateway failed over the content, which a finding then says.</param>
internal sealed record RevisionAttempt(Revision? Revision, IReadOnlyList<Finding> Findings, Exception? Fault = null)
{
    public IEnumerable<Finding> Errors => Findings.Where(finding => finding.Severity == Severity.Error);
}

/// <summary>
/// Makes a revision out of the bytes of <c>yarp.json</c>, or says everything that keeps it from being one.
/// Start, reload and <c>check</c> all come through here; nothing is in force before it returns.
/// </summary>
/// <param name="file">The file's name, for findings and sources.</param>
/// <param name="overlay">Settings that override the file's, in ASP.NET's form: environment variables.</param>
/// <param name="replacement">Overrides both; null for none.</param>
/// <param name="parts">What the rooms add, in the order in which they are asked.</param>
internal sealed class RevisionFactory(
    string file, IReadOnlyDictionary<string, string?> overlay, SettingsReplacement? replacement, IReadOnlyList<RevisionPart> parts)
{
    private readonly YarpRules _yarp = new([.. parts.SelectMany(part => part.Transforms)]);
    private readonly TrialBuild _trial = new([.. parts.SelectMany(part => part.Transforms)]);

    /// <summary>Never throws: a content that the gateway fails over is refused as one that is wrong.</summary>
    public RevisionAttempt Create(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Judge(utf8);
        }
        catch (Exception fault)
        {
            var message = $"The gateway failed to judge this content, which is a fault of its own: {RevisionRejectedException.Innermost(fault)}";
            return new RevisionAttempt(null, [Finding.Error(message)], fault);
        }
    }

    private RevisionAttempt Judge(ReadOnlySpan<byte> utf8)
    {
        var findings = new List<Finding>();
        var text = SettingsText.Parse(utf8, findings);
        if (text is null)
            return new RevisionAttempt(null, findings);

        var settings = EffectiveSettings.Of(text, file, OverlayRules.Examine(overlay, text, file, findings), replacement);
        findings.AddRange(SettingsRules.Examine(settings));

        var structural = findings.Count;
        var draft = Draft(settings, findings);
        Place(findings, structural, text, settings);
        return draft is null || draft.HasErrors
            ? new RevisionAttempt(null, findings)
            : new RevisionAttempt(draft.Accept(parts), findings);
    }

    /// <summary>Null where the options cannot even be bound.</summary>
    private RevisionDraft? Draft(EffectiveSettings settings, List<Finding> findings)
    {
        var configuration = IndexedConfiguration.Of(settings);
        var options = OptionsBinding.Bind(configuration, parts.SelectMany(part => part.Options), findings);
        if (options is null)
            return null;

        var (routes, clusters) = ProxyRules.Read(configuration.GetSection("ReverseProxy"), _yarp, findings);
        var draft = new RevisionDraft(settings, options, findings) { Routes = routes, Clusters = clusters };
        foreach (var part in parts)
            part.Examine(draft);

        foreach (var part in parts)
        {
            if (!draft.HasErrors)
                part.Prepare(draft);
        }

        if (!draft.HasErrors)
            findings.AddRange(_trial.Examine(routes, clusters));
        return draft;
    }

    /// <summary>
    /// Gives each finding its place in the file, and drops what only follows from what the schema has refused already: the findings
    /// from <paramref name="structural"/> on, where they are about a part of the file that cannot be read.
    /// </summary>
    private static void Place(List<Finding> findings, int structural, SettingsText text, EffectiveSettings settings)
    {
        List<Finding> placed =
        [
            .. findings
                .Where((finding, index) => index < structural || !text.IsInDoubt(finding))
                .Select(finding => Placed(finding, text, settings))
                .OrderBy(finding => (finding.Line, finding.Column)),
        ];
        findings.Clear();
        findings.AddRange(placed);
    }

    private static Finding Placed(Finding finding, SettingsText text, EffectiveSettings settings)
    {
        if (finding.Line > 0 || finding.Key is null)
            return finding;
        if (settings.VariableAt(finding.Key) is { } variable)
            return finding with { Message = $"{finding.Message} So says the {variable}, which overrides the file." };

        var place = text.PlaceOf(finding.Key);
        return finding with { Line = place.Line, Column = place.Column };
    }
}
