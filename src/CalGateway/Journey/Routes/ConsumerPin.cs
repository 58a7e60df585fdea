namespace CalGateway.Journey.Routes;

/// <summary>The version at which one consumer gets a route, in place of the route's own pin: <c>Access:Consumers:acme:Versions:bookings</c>.</summary>
/// <param name="Consumer">By its name in the settings.</param>
/// <param name="Route">By its id.</param>
/// <param name="Version">Sent as <c>cal-api-version</c>.</param>
/// <param name="Unverified">The operator knows that the catalogue doubts it.</param>
internal sealed record ConsumerPin(string Consumer, string Route, string Version, bool Unverified)
{
    /// <summary>The line that says so, as settings are named.</summary>
    public string Setting { get; } = $"CalGateway:Access:Consumers:{Consumer}:Versions:{Route}";
}
