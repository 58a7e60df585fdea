using CalGateway.Tests.Access.CallersTokens;
using CalGateway.Tests.Caching.Sharing;
using CalGateway.Tests.Configuration;
using CalGateway.Tests.Deploy;
using CalGateway.Tests.EndToEnd;
using CalGateway.Tests.Frontend;
using CalGateway.Tests.Health;
using CalGateway.Tests.Startup;
using CalGateway.Tests.TestInfrastructure;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// Begins with the collections that take longest: begun last, each would run on its own at the end. Those with a Redis come next, for the reason that
/// <see cref="RunsAlone.RedisLast"/> gives.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        Browsing.Name, Delivery.Name, typeof(ComponentsTests).FullName!, typeof(ReloadFootprintTests).FullName!, typeof(MutationTests).FullName!,
        typeof(GrowthTests).FullName!, typeof(OwnersJourneyTests).FullName!, typeof(EndingTests).FullName!, typeof(EnvironmentTests).FullName!,
        typeof(SharedQuotaTests).Namespace!, typeof(TokenSecrecyTests).FullName!,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    private static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place ? place : Long.Length;
}
