using CalGateway.Configuration;
using CalGateway.Management.Listeners;
using CalGateway.Management.Tokens;

namespace CalGateway.Management;

/// <summary>Where operators are served, and what they have to show.</summary>
/// <param name="addresses">Where callers are served.</param>
/// <param name="tokens">The token files; null for a check of the settings where there are none: whether one is there is not the settings' fault.</param>
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
        TokenFile? file = null;
        try
        {
            file = draft.Options<ManagementOptions>().Token is { Length: > 0 } path ? tokens?.Of(path) : null;
        }
        catch (StartupException failure)
        {
            draft.Findings.Add(Finding.Error(failure.Message, TokenFile.Key));
        }

        draft.Plan.With(new TokenPlan(file));
    }
}
