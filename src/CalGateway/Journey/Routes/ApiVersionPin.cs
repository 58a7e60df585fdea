using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>The version that a route pins, with <c>{ "CalApiVersion": "2024-06-14" }</c> among its transforms.</summary>
/// <param name="Version">Sent as <c>cal-api-version</c>.</param>
/// <param name="Unverified">The operator knows that the catalogue doubts it.</param>
/// <param name="TakesCallers">A version that a caller sends itself stands where the catalogue says that Cal.com answers the operation at it.</param>
/// <param name="Index">Which of the route's transforms it is.</param>
internal sealed record ApiVersionPin(string Version, bool Unverified, bool TakesCallers, int Index)
{
    /// <summary>The header that Cal.com reads the version from.</summary>
    public const string Header = "cal-api-version";

    public const string Key = "CalApiVersion";
    public const string UnverifiedKey = "Unverified";
    public const string CallerKey = "Caller";

    /// <summary>The value of <see cref="CallerKey"/> by which a caller's own version may stand.</summary>
    public const string Known = "Known";

    /// <summary>Null for a route that pins none.</summary>
    public static ApiVersionPin? Of(RouteConfig route)
    {
        for (var index = 0; index < route.Transforms?.Count; index++)
        {
            var transform = route.Transforms[index];
            if (transform.TryGetValue(Key, out var version))
            {
                var unverified = bool.TryParse(transform.GetValueOrDefault(UnverifiedKey), out var said) && said;
                return new ApiVersionPin(version, unverified, Known.Equals(transform.GetValueOrDefault(CallerKey), StringComparison.OrdinalIgnoreCase), index);
            }
        }

        return null;
    }
}
