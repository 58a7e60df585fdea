using Xunit.Sdk;
using Xunit.v3;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The collection of tests that load the machine. They run alone, because under load the time limits of other tests would fail.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[TestClassOrderer(typeof(RedisLast))]
public sealed class RunsAlone
{
    public const string Name = "runs alone";

    /// <summary>ASP.NET Core's store on Redis lives on for five minutes, its gateway with it. What measures the heap would walk over it each time.</summary>
    public sealed class RedisLast : ITestClassOrderer
    {
        public IReadOnlyCollection<TTestClass?> OrderTestClasses<TTestClass>(IReadOnlyCollection<TTestClass?> testClasses)
            where TTestClass : notnull, ITestClass =>
            [.. testClasses.OrderBy(tests => tests?.TestClassNamespace?.EndsWith(".Sharing", StringComparison.Ordinal) is true)];
    }
}
