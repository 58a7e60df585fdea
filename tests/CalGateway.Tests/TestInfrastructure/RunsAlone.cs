namespace CalGateway.Tests.TestInfrastructure;

/// <summary>For tests that want the machine for themselves: under load, others' promises of two seconds would be about the load.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";
}
