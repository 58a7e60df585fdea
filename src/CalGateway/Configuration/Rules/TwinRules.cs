using System.Globalization;
using CalGateway.Configuration.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Routes that take the same requests where nothing that routing goes by puts one before the other. Where they certainly do, one is refused; where
/// it depends on the request, <see cref="NameOrder"/> decides and a warning says so.
/// </summary>
internal static class TwinRules
{
    public static IEnumerable<Finding> Examine(IEnumerable<RouteConfig> routes)
    {
        var ranks = new Dictionary<string, List<Twin>>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes)
        {
            if (Patterns.Parse(route.Match.Path) is not { } pattern)
                continue;

            var twin = new Twin(route, pattern);
            if (!ranks.TryGetValue(RankOf(twin), out var equals))
                ranks[RankOf(twin)] = equals = [];
            if (equals.Select(other => Judge(other, twin)).FirstOrDefault(finding => finding is not null) is { } finding)
                yield return finding;
            equals.Add(twin);
        }
    }

    /// <summary>What puts one route before another, as ASP.NET Core and YARP compare them: only routes of one rank can be in each other's way.</summary>
    private static string RankOf(Twin twin)
    {
        var match = twin.Route.Match;
        return string.Join('\n', [
            (twin.Route.Order ?? 0).ToString(CultureInfo.InvariantCulture), twin.Pattern.InboundPrecedence.ToString(CultureInfo.InvariantCulture),
            $"{match.Methods is { Count: > 0 }} {match.Hosts is { Count: > 0 }} {match.Headers?.Count ?? 0} {match.QueryParameters?.Count ?? 0}",
            .. twin.Pattern.PathSegments.Select(segment => segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } ? literal.Content : "{}")]);
    }

    private static Finding? Judge(Twin one, Twin other)
    {
        var (match, second) = (one.Route.Match, other.Route.Match);
        if (!MatchOverlap.OfNames(match.Methods, second.Methods) || !MatchOverlap.OfNames(match.Hosts, second.Hosts))
            return null;

        var rest = MatchOverlap.Least(
            PathOverlap.Of(one.Pattern, other.Pattern), MatchOverlap.OfHeaders(match.Headers, second.Headers), MatchOverlap.OfQueries(match.QueryParameters, second.QueryParameters));
        var key = $"ReverseProxy:Routes:{other.Route.RouteId}:Match";
        var (name, before) = (other.Route.RouteId, one.Route.RouteId);
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

    private sealed record Twin(RouteConfig Route, RoutePattern Pattern);
}
