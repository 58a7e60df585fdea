namespace CalGateway.Journey.Routes;

/// <summary>The own API versions of all consumers in a revision.</summary>
internal sealed class ConsumerPins(IEnumerable<ConsumerPin> pins)
{
    private readonly ILookup<string, ConsumerPin> _byRoute = pins.ToLookup(pin => pin.Route, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those on one route, in the order of the file.</summary>
    public IEnumerable<ConsumerPin> On(string route) => _byRoute[route];

    /// <summary>Whether a route may ask Cal.com at a version: its pin, a version that a caller may choose, or a consumer's own.</summary>
    /// <param name="version">Empty for none.</param>
    public bool IsAsked(RoutePlan route, string version) =>
        route.ApiVersion.ToString() == version || route.TakesCallersVersion || On(route.RouteId).Any(own => own.Version == version);
}
