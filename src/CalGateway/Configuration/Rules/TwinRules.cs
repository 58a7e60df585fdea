using System.Globalization;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>Two routes that take exactly the same requests: routing cannot choose, and would answer each of them with 500.</summary>
internal static class TwinRules
{
    public static IEnumerable<Finding> Examine(IEnumerable<RouteConfig> routes)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes)
        {
            if (FormOf(route) is not { } form || seen.TryAdd(form, route.RouteId))
                continue;

            yield return Finding.Error(
                $"Route \"{route.RouteId}\" takes the same requests as \"{seen[form]}\", so that each would be answered with 500. " +
                "Remove one, or say with Order, Methods or Hosts which one a request is for.",
                $"ReverseProxy:Routes:{route.RouteId}:Match");
        }
    }

    /// <summary>What routing tells routes apart by; null where it has more to go by than is compared here.</summary>
    private static string? FormOf(RouteConfig route)
    {
        if (route.Match.Headers is { Count: > 0 } || route.Match.QueryParameters is { Count: > 0 })
            return null;

        if (Patterns.Parse(route.Match.Path) is not { } pattern)
            return null;

        var segments = pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Nameless)));
        return string.Join('\n', [
            (route.Order ?? 0).ToString(CultureInfo.InvariantCulture), .. segments,
            "methods", .. Sorted(route.Match.Methods), "hosts", .. Sorted(route.Match.Hosts)]);
    }

    private static string Nameless(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter =>
            $"{{{(parameter.IsCatchAll ? "**" : "")}:{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content))}}}",
        _ => "",
    };

    private static IEnumerable<string> Sorted(IReadOnlyList<string>? values) => (values ?? []).Order(StringComparer.OrdinalIgnoreCase);
}
