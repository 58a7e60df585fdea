using Microsoft.AspNetCore.Routing.Patterns;

namespace CalGateway.Configuration.Rules;

internal static class Patterns
{
    /// <summary>The pattern of a route's path; null for one that cannot be parsed, which YARP's validator tells.</summary>
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
