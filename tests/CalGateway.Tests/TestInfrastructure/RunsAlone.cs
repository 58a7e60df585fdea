namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The collection of tests that load the machine. They run alone, because under load the time limits of other tests would fail.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
