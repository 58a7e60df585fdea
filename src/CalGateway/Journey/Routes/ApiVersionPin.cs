using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>The API version that a route pins with the transform <c>{ "CalApiVersion": "2024-06-14" }</c>.</summary>
/// <param name="Version">The value of <c>cal-api-version</c>.</param>
/// <param name="Unverified">The operator has acknowledged that the catalogue doubts the version.</param>
/// <param name="TakesCallers">A caller's own version is used instead, where the catalogue says that Cal.com answers the operation at it.</param>
internal sealed record ApiVersionPin(string Version, bool Unverified, bool TakesCallers, int Index)
{
    /// <summary>The header that Cal.com reads the version from.</summary>
    public const string Header = "cal-api-version";

    private const int MaxLength = 32;

    public const string Key = "CalApiVersion";
    public const string UnverifiedKey = "Unverified";
    public const string CallerKey = "Caller";

    /// <summary>The value of <see cref="CallerKey"/> that allows callers their own version.</summary>
    public const string Known = "Known";

    /// <summary>The key of the setting, by which its line is found.</summary>
    public string KeyOn(RouteConfig route) => $"ReverseProxy:Routes:{route.RouteId}:Transforms:{Index}:{Key}";

    /// <summary>The name of a route's pin in messages.</summary>
    public static string SettingOf(string route) => $"ReverseProxy:Routes:{route}:Transforms {Key}";

    /// <summary>Whether the text can be sent as a version, whether or not Cal.com knows it.</summary>
    public static bool IsVersion(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.');

    /// <summary>The pin of a route; null for a route without one.</summary>
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
