namespace CalGateway.Journey.Routes;

/// <summary>The own API versions of all consumers in a revision.</summary>
internal sealed class ConsumerPins(IEnumerable<ConsumerPin> pins)
{
    private readonly ILookup<string, ConsumerPin> _byRoute = pins.ToLookup(pin => pin.Route, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those on one route, in the order of the file.</summary>
    public IEnumerable<ConsumerPin> On(string route) => _byRoute[route];
}
