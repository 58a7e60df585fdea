using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Logs;

namespace CalGateway;

/// <summary>How a revision logs and measures. It stands here because Telemetry does not know Configuration.</summary>
internal sealed class TelemetryPart : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<LogOptions>("Logs")];

    public override void Prepare(RevisionDraft draft) => draft.Plan.With(draft.Options<LogOptions>());
}
