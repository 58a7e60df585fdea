namespace CalGateway.Journey.Routes;

/// <summary>The API version of one consumer on a route, used instead of the route's pin: <c>Access:Consumers:acme:Versions:bookings</c>.</summary>
/// <param name="Version">The value of <c>cal-api-version</c>.</param>
/// <param name="Unverified">The operator has acknowledged that the catalogue doubts the version.</param>
internal sealed record ConsumerPin(string Consumer, string Route, string Version, bool Unverified)
{
    public string Setting { get; } = $"CalGateway:Access:Consumers:{Consumer}:Versions:{Route}";
}
