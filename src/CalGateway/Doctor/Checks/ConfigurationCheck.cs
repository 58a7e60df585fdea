namespace CalGateway.Doctor.Checks;

/// <summary>What <c>check</c> says, as the doctor's first finding.</summary>
internal sealed class ConfigurationCheck : ICheck
{
    public string Title => "Configuration";

    public Task<CheckResult> ExamineAsync(Examination examination, CancellationToken cancellation) => Task.FromResult(Judge(examination));

    private static CheckResult Judge(Examination examination)
    {
        var file = examination.File;
        var said = examination.Findings.Select(finding => finding.Describe(file.Name)).ToList();
        var path = examination.Personal(file.Path, file.Name);
        if (examination.Revision is not { } revision)
            return CheckResult.Bad($"{path} would be refused.", string.Join('\n', said));

        var finding = $"{path}: {revision.Routes.Count} routes, revision {revision.Id}.";
        return said.Count == 0 ? CheckResult.Good(finding) : CheckResult.Doubtful(finding, string.Join('\n', said));
    }
}
