namespace CalGateway.Management.Concerns;

/// <summary>
/// Is it well and, if not, what is the one thing to do: the judgement over <see cref="GatewayFacts"/>. What it says first is what an
/// operator should do first.
/// </summary>
internal static class Judgement
{
    /// <summary>What happened longer ago is history.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    /// <summary>The most important first; none where all is well.</summary>
    public static IReadOnlyList<Concern> Of(GatewayFacts facts) =>
    [
        .. UpstreamConcerns.Of(facts)
            .Concat(VersionConcerns.Of(facts))
            .Concat(SettingsConcerns.Of(facts))
            .Concat(ServingConcerns.Of(facts))
            .OrderBy(concern => concern.Level), // stable: within a level the order above counts
    ];
}
