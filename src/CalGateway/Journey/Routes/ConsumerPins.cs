namespace CalGateway.Journey.Routes;

/// <summary>The versions that consumers have of their own, in a revision.</summary>
internal sealed class ConsumerPins(IEnumerable<ConsumerPin> pins)
{
    private readonly ILookup<string, ConsumerPin> _byRoute = pins.ToLookup(pin => pin.Route, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of one route, in the order of the file; none for most.</summary>
    public IEnumerable<ConsumerPin> On(string route) => _byRoute[route];
}
