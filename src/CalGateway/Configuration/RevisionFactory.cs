using CalGateway.Configuration.Overlay;
using CalGateway.Configuration.Rules;
using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Settings;

namespace CalGateway.Configuration;

/// <summary>The revision or, where there are errors, none; and all findings.</summary>
/// <param name="Bug">The exception, where the gateway itself failed on this content. A finding says so too.</param>
internal sealed record RevisionAttempt(Revision? Revision, IReadOnlyList<Finding> Findings, Exception? Bug = null)
{
    public IEnumerable<Finding> Errors => Findings.Where(finding => finding.Severity == Severity.Error);
}

/// <summary>Makes a revision from the bytes of <c>yarp.json</c>, or finds all that is wrong with them: for start, reload and <c>check</c>.</summary>
/// <param name="file">The file's name, for findings and sources.</param>
/// <param name="overlay">Environment variables that override settings of the file, by the key of the setting.</param>
/// <param name="replacement">Overrides both; null for none.</param>
/// <param name="parts">What each folder adds, in the order in which they are asked.</param>
/// <param name="renamed">Old names of settings that are understood; null for this version's.</param>
internal sealed class RevisionFactory(
    string file, IReadOnlyDictionary<string, string?> overlay, SettingsReplacement? replacement, IReadOnlyList<RevisionPart> parts,
    RenamedSettings? renamed = null)
{
    private readonly YarpRules _yarp = new([.. parts.SelectMany(part => part.Transforms)]);
    private readonly TrialBuild _trial = new([.. parts.SelectMany(part => part.Transforms)]);

    /// <summary>Says why a start refuses the file.</summary>
    public static string Refusal(SettingsFile file, IEnumerable<Finding> findings) =>
        $"{file.Path} was refused:\n{string.Join('\n', findings.Select(finding => "  " + finding.Describe(file.Name)))}";

    /// <summary>
    /// As <see cref="Create"/>, but without asking YARP and routing, which check the settings themselves when the gateway is built from them. So a start does not
    /// build everything twice. Where that fails, <see cref="Create"/> tells why.
    /// </summary>
    public RevisionAttempt CreateUntried(ReadOnlySpan<byte> utf8) => Create(utf8, inForce: null, isTried: false);

    /// <summary>Never throws. If the gateway itself fails on a content, the content is refused like a wrong one.</summary>
    /// <param name="inForce">The revision that this one is to replace; null for none.</param>
    public RevisionAttempt Create(ReadOnlySpan<byte> utf8, Revision? inForce = null) => Create(utf8, inForce, isTried: true);

    private RevisionAttempt Create(ReadOnlySpan<byte> utf8, Revision? inForce, bool isTried)
    {
        try
        {
            return Validate(utf8, inForce, isTried);
        }
        catch (Exception bug)
        {
            var message = $"The gateway failed to judge this content, which is a fault of its own: {RevisionRejectedException.Innermost(bug)}";
            return new RevisionAttempt(null, [Finding.Error(message)], bug);
        }
    }

    private RevisionAttempt Validate(ReadOnlySpan<byte> utf8, Revision? inForce, bool isTried)
    {
        var findings = new List<Finding>();
        var text = SettingsText.Parse(utf8, findings, renamed);
        if (text is null)
            return new RevisionAttempt(null, findings);

        var variables = (renamed ?? RenamedSettings.Known).Apply(overlay, findings);
        var settings = EffectiveSettings.Of(text, file, OverlayRules.Examine(variables, text, file, findings), replacement);
        findings.AddRange(SettingsRules.Examine(settings));

        var schemaFindings = findings.Count;
        var draft = Draft(settings, findings, inForce, isTried);
        AddLocations(findings, schemaFindings, text, settings);
        return draft is null || draft.HasErrors
            ? new RevisionAttempt(null, findings)
            : new RevisionAttempt(draft.Accept(parts), findings);
    }

    /// <summary>Null where a section cannot be bound to its options.</summary>
    private RevisionDraft? Draft(EffectiveSettings settings, List<Finding> findings, Revision? inForce, bool isTried)
    {
        var configuration = new ConfigurationRoot([new IndexedConfiguration(settings)]);
        var options = OptionsBinding.Bind(configuration, parts.SelectMany(part => part.Options), findings);
        if (options is null)
            return null;

        var (routes, clusters) = ProxyRules.Read(configuration.GetSection("ReverseProxy"), _yarp, findings, isTried);
        var draft = new RevisionDraft(settings, options, findings) { Routes = routes, Clusters = clusters, InForce = inForce };
        foreach (var part in parts)
            part.Examine(draft);

        foreach (var part in parts)
        {
            if (!draft.HasErrors)
                part.Prepare(draft);
        }

        if (isTried && !draft.HasErrors)
            findings.AddRange(_trial.Examine(routes, clusters));
        return draft;
    }

    /// <summary>Gives each finding its location. Later ones about a part that the schema refused are dropped: they only follow from that.</summary>
    private static void AddLocations(List<Finding> findings, int schemaFindings, SettingsText text, EffectiveSettings settings)
    {
        List<Finding> located =
        [
            .. findings
                .Where((finding, index) => index < schemaFindings || !text.IsInRefusedPart(finding))
                .Select(finding => Located(finding, text, settings))
                .OrderBy(finding => (finding.Line, finding.Column)),
        ];
        findings.Clear();
        findings.AddRange(located);
    }

    private static Finding Located(Finding finding, SettingsText text, EffectiveSettings settings)
    {
        if (finding.Line > 0 || finding.Key is null)
            return finding;
        if (settings.VariableAt(finding.Key) is { } variable)
            return finding with { Message = $"{finding.Message} So says the {variable}, which overrides the file." };

        var place = text.PlaceOf(finding.Key);
        return finding with { Line = place.Line, Column = place.Column };
    }
}
