namespace CalGateway.Journey.Routes;

/// <summary>At which version a request is sent on a route that pins one, and by whose word.</summary>
/// <param name="InPlaceOfPin">What is sent in place of the route's pin, and what differs by it is kept apart by; null where the pin is sent.</param>
/// <param name="IsCallers">The caller asked for the version itself, and the route lets it stand.</param>
/// <param name="Consumer">The consumer's own line that says so, even where it says the same as the pin; null where there is none, or the caller's word stands.</param>
internal readonly record struct VersionChoice(string? InPlaceOfPin, bool IsCallers = false, ConsumerPin? Consumer = null);
