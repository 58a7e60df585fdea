using CalGateway.Catalogue;

namespace CalGateway.CalCom.Pins;

/// <summary>A family of endpoints among the operations of a route, and the version to ask for with most of them.</summary>
internal sealed record FamilyPins(string Family, string Version, IReadOnlyList<Operation> Operations)
{
    /// <summary>
    /// Operations that answer at any version are ignored. Of the others in a family, the version of the majority counts: a few operations may exist only at an older
    /// version.
    /// </summary>
    public static IReadOnlyList<FamilyPins> Of(IEnumerable<Operation> operations) =>
    [
        .. operations
            .Where(operation => operation.RecommendedVersion is not null)
            .GroupBy(operation => operation.Family)
            .Select(family => OfMajority(family.Key, family)),
    ];

    private static FamilyPins OfMajority(string family, IEnumerable<Operation> operations) => operations
        .GroupBy(operation => operation.RecommendedVersion!)
        .OrderByDescending(same => same.Count())
        .ThenByDescending(same => same.Key, StringComparer.Ordinal)
        .Select(same => new FamilyPins(family, same.Key, [.. same]))
        .First();
}
