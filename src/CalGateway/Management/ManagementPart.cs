using CalGateway.Configuration;
using CalGateway.Management.Listeners;
using CalGateway.Management.Tokens;

namespace CalGateway.Management;

/// <summary>The addresses of the operators' listeners, and their token.</summary>
/// <param name="addresses">The addresses that callers use.</param>
/// <param name="readsToken">False for a mere check of the settings, on a machine that need not have the file.</param>
internal sealed class ManagementPart(IReadOnlyList<string> addresses, bool readsToken) : RevisionPart
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
        if (!readsToken || draft.Options<ManagementOptions>().Token is not { Length: > 0 } path)
            return;

        draft.Plan.With(StartupException.Try(() => TokenFile.Of(path, draft.InForce?.Plan.Part<TokenFile>()), out var failure));
        if (failure is not null)
            draft.Findings.Add(Finding.Error(failure, TokenFile.Key) with { IsOfAnotherFile = true });
    }
}
