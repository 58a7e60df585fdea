using System.Text.Json;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>The result of one comparison. The metric and <c>/status</c> have its name in kebab case, such as <c>route-miss</c>.</summary>
internal enum ShadowOutcome
{
    Same,

    /// <summary>Only data differs: the account changed between the two reads, or the versions list items in another order or number.</summary>
    Data,

    /// <summary>The other version only has additions.</summary>
    Safe,

    Breaking,

    /// <summary>Cal.com does not know the other version and answered in its oldest shape.</summary>
    SilentDowngrade,

    RouteMiss,

    /// <summary>One of the answers is not JSON, broke off or is empty.</summary>
    NotComparable,

    /// <summary>Cal.com did not answer in time, or failed.</summary>
    Failed,

    /// <summary>No request was sent: the quota is needed for callers, or too many comparisons are running.</summary>
    Skipped,
}

internal static class ShadowOutcomes
{
    private static readonly string[] Names = [.. Enum.GetNames<ShadowOutcome>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    public static string Name(this ShadowOutcome outcome) => Names[(int)outcome];
}
