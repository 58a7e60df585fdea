using System.Text.Json.Serialization;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>What one comparison came to, as the metric and <c>/status</c> name it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShadowOutcome>))]
internal enum ShadowOutcome
{
    /// <summary>Nothing differs.</summary>
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>Only what the account holds differs: it changed between the two reads, or the versions show it in another order or number.</summary>
    [JsonStringEnumMemberName("data")]
    Data,

    /// <summary>The other version only has more.</summary>
    [JsonStringEnumMemberName("safe")]
    Safe,

    /// <summary>Callers may stumble over the other version.</summary>
    [JsonStringEnumMemberName("breaking")]
    Breaking,

    /// <summary>Cal.com does not know the other version and answered in its oldest shape.</summary>
    [JsonStringEnumMemberName("silent-downgrade")]
    SilentDowngrade,

    /// <summary>Cal.com has no such route at the other version.</summary>
    [JsonStringEnumMemberName("route-miss")]
    RouteMiss,

    /// <summary>One of the answers is no JSON, broke off, or has nothing in it.</summary>
    [JsonStringEnumMemberName("not-comparable")]
    NotComparable,

    /// <summary>Cal.com did not answer in time, or with a failure of its own.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was not asked: the quota is needed for callers, or enough is being compared.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

internal static class ShadowOutcomes
{
    private static readonly string[] Words = ["same", "data", "safe", "breaking", "silent-downgrade", "route-miss", "not-comparable", "failed", "skipped"];

    public static string Word(this ShadowOutcome outcome) => Words[(int)outcome];
}
