namespace CalGateway.Journey.Routes;

/// <summary>Which API version is sent on a route with a pin, and which setting or header it comes from.</summary>
/// <param name="InPlaceOfPin">The version that is sent instead of the pin, by which stored answers are kept apart; null where the pin is sent.</param>
/// <param name="IsCallers">It is the version of the caller's header, which the route allows.</param>
/// <param name="Consumer">The consumer's own version, even if it equals the pin; null where the consumer has none, or the caller's header is used.</param>
internal readonly record struct VersionChoice(string? InPlaceOfPin, bool IsCallers = false, ConsumerPin? Consumer = null);
