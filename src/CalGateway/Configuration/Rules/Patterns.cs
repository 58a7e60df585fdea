using Microsoft.AspNetCore.Routing.Patterns;

namespace CalGateway.Configuration.Rules;

internal static class Patterns
{
    /// <summary>Parses the pattern of a route's path. Null where it is invalid; YARP's validator reports that.</summary>
    public static RoutePattern? Parse(string? path)
    {
        try
        {
            return RoutePatternFactory.Parse(string.IsNullOrEmpty(path) ? "/{**catchall}" : path);
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }
}
