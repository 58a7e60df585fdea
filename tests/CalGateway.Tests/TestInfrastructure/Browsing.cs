namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Pages that are patient, one after the other beside all other tests: a browser waits for a page as often as the page for it.</summary>
[CollectionDefinition(Name)]
public sealed class Browsing
{
    public const string Name = "browsing";
}
