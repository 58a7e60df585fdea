namespace CalGateway.Doctor.Checks;

/// <summary>The same findings as of the verb <c>check</c>.</summary>
internal sealed class ConfigurationCheck : ICheck
{
    public string Title => "Configuration";

    public Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation) => Task.FromResult(ResultOf(context));

    private static CheckResult ResultOf(DoctorContext context)
    {
        var file = context.File;
        var said = context.Findings.Select(finding => finding.Describe(file.Name)).ToList();
        var path = context.Personal(file.Path, file.Name);
        if (context.Revision is not { } revision)
            return CheckResult.Bad($"{path} would be refused.", string.Join('\n', said));

        var finding = $"{path}: {revision.Routes.Count} routes, revision {revision.Id}.";
        return said.Count == 0 ? CheckResult.Good(finding) : CheckResult.Doubtful(finding, string.Join('\n', said));
    }
}
