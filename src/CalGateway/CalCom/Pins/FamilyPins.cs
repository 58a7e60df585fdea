using CalGateway.Catalogue;

namespace CalGateway.CalCom.Pins;

/// <summary>A family of endpoints among the operations of a route, and the version that most of it wants.</summary>
internal sealed record FamilyPins(string Family, string Version, IReadOnlyList<Operation> Operations)
{
    /// <summary>
    /// Operations that answer at any version have no say. A family's leftovers from older versions do not either:
    /// they are outnumbered by those that go with its current one.
    /// </summary>
    public static IReadOnlyList<FamilyPins> Of(IEnumerable<Operation> operations) =>
    [
        .. operations
            .Where(operation => operation.RecommendedVersion is not null)
            .GroupBy(operation => operation.Family)
            .Select(family => MostWanted(family.Key, family)),
    ];

    private static FamilyPins MostWanted(string family, IEnumerable<Operation> operations) => operations
        .GroupBy(operation => operation.RecommendedVersion!)
        .OrderByDescending(same => same.Count())
        .ThenByDescending(same => same.Key, StringComparer.Ordinal)
        .Select(same => new FamilyPins(family, same.Key, [.. same]))
        .First();
}
