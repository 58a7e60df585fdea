using CalGateway.Configuration;

namespace CalGateway.Management;

/// <summary>Where operators are served.</summary>
/// <param name="addresses">Where callers are served.</param>
internal sealed class ManagementPart(IReadOnlyList<string> addresses) : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<ManagementOptions>("Management", options => options.Validate())];

    public override void Examine(RevisionDraft draft) => draft.Findings.AddRange(ListenerRules.Examine(draft.Options<ManagementOptions>(), addresses));
}
