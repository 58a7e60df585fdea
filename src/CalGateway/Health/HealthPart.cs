using CalGateway.Configuration;
using CalGateway.Health.Ending;

namespace CalGateway.Health;

/// <summary>The settings of the shutdown.</summary>
internal sealed class HealthPart : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<ShutdownOptions>("Shutdown", options => options.Validate())];
}
