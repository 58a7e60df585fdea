using System.Globalization;
using CalGateway.Configuration.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Finds routes that match the same requests with equal precedence, so that routing cannot choose. Where that is certain, it is an error; where only some
/// requests match both, it is a warning, and <see cref="NameOrder"/> decides.
/// </summary>
internal static class AmbiguityRules
{
    public static IEnumerable<Finding> Examine(IEnumerable<RouteConfig> routes)
    {
        var precedences = new Dictionary<string, List<ParsedRoute>>(StringComparer.OrdinalIgnoreCase);
        foreach (var config in routes)
        {
            if (Patterns.Parse(config.Match.Path) is not { } pattern)
                continue;

            var route = new ParsedRoute(config, pattern);
            var precedence = PrecedenceOf(route);
            if (!precedences.TryGetValue(precedence, out var equals))
                precedences[precedence] = equals = [];
            if (equals.Select(other => Compare(other, route)).FirstOrDefault(finding => finding is not null) is { } finding)
                yield return finding;
            equals.Add(route);
        }
    }

    /// <summary>Everything by which ASP.NET Core and YARP order routes. Only routes with the same value can be ambiguous.</summary>
    private static string PrecedenceOf(ParsedRoute route)
    {
        var match = route.Config.Match;
        return string.Join('\n', [
            (route.Config.Order ?? 0).ToString(CultureInfo.InvariantCulture), route.Pattern.InboundPrecedence.ToString(CultureInfo.InvariantCulture),
            $"{match.Methods is { Count: > 0 }} {match.Hosts is { Count: > 0 }} {match.Headers?.Count ?? 0} {match.QueryParameters?.Count ?? 0}",
            .. route.Pattern.PathSegments.Select(segment => segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } ? literal.Content : "{}")]);
    }

    private static Finding? Compare(ParsedRoute one, ParsedRoute other)
    {
        var (match, second) = (one.Config.Match, other.Config.Match);
        if (!MatchOverlap.OfNames(match.Methods, second.Methods) || !MatchOverlap.OfNames(match.Hosts, second.Hosts))
            return null;

        var rest = MatchOverlap.Least(
            PathOverlap.Of(one.Pattern, other.Pattern), MatchOverlap.OfHeaders(match.Headers, second.Headers), MatchOverlap.OfQueries(match.QueryParameters, second.QueryParameters));
        var (name, before) = (other.Config.RouteId, one.Config.RouteId);
        var key = $"ReverseProxy:Routes:{name}:Match";
        return rest switch
        {
            Overlap.None => null,
            Overlap.Certain when IsSame(match.Methods, second.Methods) && IsSame(match.Hosts, second.Hosts) => Finding.Error(
                $"Route \"{name}\" takes the same requests as \"{before}\", so that each would be answered with 500. " +
                "Remove one, or say with Order, Methods or Hosts which one a request is for.", key),
            Overlap.Certain => Finding.Error(
                $"Route \"{name}\" takes requests that \"{before}\" takes as well ({MatchOverlap.Shared(match, second)}), and nothing says which of the two comes first. " +
                "Give one of them a lower Order, or take what both name out of one.", key),
            _ => Finding.Warning(
                $"A request may have what both route \"{name}\" and route \"{before}\" ask for, and nothing says which of the two comes first: " +
                $"\"{(NameOrder.Compare(name, before) < 0 ? name : before)}\" takes it, by the order of their names. Give one of them a lower Order.", key),
        };
    }

    private static bool IsSame(IReadOnlyList<string>? values, IReadOnlyList<string>? others) =>
        (values ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(others ?? []);

    private sealed record ParsedRoute(RouteConfig Config, RoutePattern Pattern);
}
