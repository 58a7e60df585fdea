using System.Text.Json.Serialization;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>The result of one comparison, as the metric and <c>/status</c> name it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShadowOutcome>))]
internal enum ShadowOutcome
{
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>Only data differs: the account changed between the two reads, or the versions list items in another order or number.</summary>
    [JsonStringEnumMemberName("data")]
    Data,

    /// <summary>The other version only has additions.</summary>
    [JsonStringEnumMemberName("safe")]
    Safe,

    /// <summary>The other version may break callers.</summary>
    [JsonStringEnumMemberName("breaking")]
    Breaking,

    /// <summary>Cal.com does not know the other version and answered in its oldest shape.</summary>
    [JsonStringEnumMemberName("silent-downgrade")]
    SilentDowngrade,

    /// <summary>Cal.com has no such route at the other version.</summary>
    [JsonStringEnumMemberName("route-miss")]
    RouteMiss,

    /// <summary>One of the answers is not JSON, broke off or is empty.</summary>
    [JsonStringEnumMemberName("not-comparable")]
    NotComparable,

    /// <summary>Cal.com did not answer in time, or failed.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>No request was sent: the quota is needed for callers, or too many comparisons are running.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

internal static class ShadowOutcomes
{
    private static readonly string[] Names = ["same", "data", "safe", "breaking", "silent-downgrade", "route-miss", "not-comparable", "failed", "skipped"];

    public static string Name(this ShadowOutcome outcome) => Names[(int)outcome];
}
