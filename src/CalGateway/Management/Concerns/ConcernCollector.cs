using CalGateway.Configuration;

namespace CalGateway.Management.Concerns;

/// <summary>Collects all concerns, the most important first: an operator should handle the first one first.</summary>
internal static class ConcernCollector
{
    /// <summary>Events that are older cause no concern.</summary>
    public static readonly TimeSpan RecentWindow = TimeSpan.FromMinutes(15);

    /// <summary>The most important first; empty where everything works.</summary>
    public static IReadOnlyList<Concern> Of(GatewayFacts facts) =>
    [
        .. UpstreamConcerns.Of(facts)
            .Concat(VersionConcerns.Of(facts))
            .Concat(DriftConcerns.Of(facts))
            .Concat(SettingsConcerns.Of(facts))
            .Concat(ServingConcerns.Of(facts))
            .OrderBy(concern => concern.Level), // stable: within a level the order above counts
    ];

    /// <summary>The state of the gateway in one word. Warnings of the settings count even where their concern is only a notice.</summary>
    /// <param name="concerns">The result of <see cref="Of"/>: the first is the worst.</param>
    public static string StateOf(IReadOnlyList<Concern> concerns, Revision revision) => concerns switch
    {
        [{ Level: ConcernLevel.Failing }, ..] => "failing",
        [{ Level: ConcernLevel.Warning }, ..] => "warning",
        _ => revision.Warnings.Count > 0 ? "warning" : "ok",
    };
}
