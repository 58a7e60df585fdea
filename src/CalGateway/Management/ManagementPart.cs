using CalGateway.Configuration;
using CalGateway.Management.Listeners;
using CalGateway.Management.Tokens;

namespace CalGateway.Management;

/// <summary>The addresses of the operators' listeners, and their token.</summary>
/// <param name="addresses">The addresses that callers use.</param>
/// <param name="tokens">The token files; null for a mere check of the settings, which reads none.</param>
internal sealed class ManagementPart(IReadOnlyList<string> addresses, TokenFiles? tokens) : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } =
    [
        OptionsSection.Of<ManagementOptions>("Management", options => options.Validate()),
        OptionsSection.Of<MetricsOptions>("Metrics", options => options.Validate()),
    ];

    public override void Examine(RevisionDraft draft) =>
        draft.Findings.AddRange(ListenerRules.Examine(draft.Options<ManagementOptions>(), draft.Options<MetricsOptions>(), addresses));

    public override void Prepare(RevisionDraft draft)
    {
        string? failure = null;
        draft.Plan.With(draft.Options<ManagementOptions>().Token is { Length: > 0 } path ? StartupException.Try(() => tokens?.Of(path), out failure) : null);
        if (failure is not null)
            draft.Findings.Add(Finding.Error(failure, TokenFile.Key) with { IsOfAnotherFile = true });
    }
}
