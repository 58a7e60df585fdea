namespace CalGateway.Tests.Deploy;

/// <summary>Tests of what is handed out, one after the other beside all other tests: each of them builds something.</summary>
[CollectionDefinition(Name)]
public sealed class Delivery
{
    public const string Name = "delivery";
}
