using CalGateway.CalCom.Pins;
using CalGateway.Configuration;

namespace CalGateway.Management.Concerns;

/// <summary>Concerns about the settings: a refused edit, and warnings.</summary>
internal static class SettingsConcerns
{
    public static IEnumerable<Concern> Of(GatewayFacts facts)
    {
        if (facts.LastEdit is { Accepted: false } refused)
        {
            yield return new Concern(
                ConcernLevel.Warning, "edit-refused", $"The last edit of {facts.FileName} was refused",
                $"Revision {facts.Revision.Id} stays in force. With the file as it is, the gateway would not start again.",
                refused.Findings.Count > 0 ? refused.Findings[0] : $"Correct {facts.FileName}; it takes effect on save.");
        }

        foreach (var warning in facts.Revision.Warnings.Where(warning => !IsOfPin(warning, facts.Revision)))
        {
            yield return new Concern(
                ConcernLevel.Notice, "settings-warning", $"{facts.FileName} has a warning", "It is in force as it stands.", warning.Describe(facts.FileName));
        }
    }

    /// <summary>Warnings about versions are reported by <see cref="VersionConcerns"/>.</summary>
    private static bool IsOfPin(Finding warning, Revision revision) =>
        revision.Plans.Values.Any(plan =>
            IsDoubt(plan.Part<PinVerdict>(), warning) || plan.Part<ConsumerVerdicts>()?.All.Any(consumer => IsDoubt(consumer.Pin, warning)) == true);

    private static bool IsDoubt(PinVerdict? pin, Finding warning) => pin is { Standing: PinStanding.Doubted } && pin.Says == warning.Message;
}
