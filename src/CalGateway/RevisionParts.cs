using CalGateway.Access;
using CalGateway.Caching;
using CalGateway.CalCom;
using CalGateway.Configuration;
using CalGateway.Diagnosis;
using CalGateway.Health;
using CalGateway.Management;
using CalGateway.Telemetry.Logs;

namespace CalGateway;

/// <summary>What each folder adds to a revision. Start, reload, <c>check</c>, doctor and explain ask this list, in this order.</summary>
internal static class RevisionParts
{
    /// <param name="inputs">What access needs besides the settings.</param>
    /// <param name="readsToken">False for a check of the settings, which does not read the operators' token.</param>
    public static IReadOnlyList<RevisionPart> Of(AccessInputs inputs, bool readsToken = false) =>
    [
        new AccessPart(inputs),
        new CalComPart(),
        new DiagnosisPart(),
        new CachingPart(),
        new ManagementPart(inputs.Addresses, readsToken),
        new TelemetryPart(),
        new HealthPart(),
    ];

    /// <summary>The log settings. It is here because Telemetry does not know Configuration.</summary>
    private sealed class TelemetryPart : RevisionPart
    {
        public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<LogOptions>("Logs")];

        public override void Prepare(RevisionDraft draft) => draft.Plan.With(draft.Options<LogOptions>());
    }
}
