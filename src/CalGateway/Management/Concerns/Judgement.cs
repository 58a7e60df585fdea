using CalGateway.Configuration;

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
            .Concat(DriftConcerns.Of(facts))
            .Concat(SettingsConcerns.Of(facts))
            .Concat(ServingConcerns.Of(facts))
            .OrderBy(concern => concern.Level), // stable: within a level the order above counts
    ];

    /// <summary>The same in a word. What the file is warned of may wait as a concern, and is doubted nonetheless.</summary>
    /// <param name="concerns">As <see cref="Of"/> gives them: the first is the worst.</param>
    /// <param name="revision">The one in force.</param>
    public static string StateOf(IReadOnlyList<Concern> concerns, Revision revision) => concerns switch
    {
        [{ Level: ConcernLevel.Failing }, ..] => "failing",
        [{ Level: ConcernLevel.Warning }, ..] => "warning",
        _ => revision.Warnings.Count > 0 ? "warning" : "ok",
    };
}
