using CalGateway.Configuration.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>A route that the same path would take if the rest of the request were different.</summary>
/// <param name="By">What a request needs to take it.</param>
internal sealed record OtherRoute(string Route, string By)
{
    public override string ToString() => By.StartsWith("without", StringComparison.Ordinal) ? $"{Route}, {By}" : $"{Route}, by {By}";
}

/// <summary>
/// Finds the other routes that a path could take. For each candidate, routing is tried with a request that has everything that the route asks for; it is
/// listed only if routing then chooses it.
/// </summary>
internal sealed class OtherRoutes(ServedRoutes served)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <param name="taken">The route that the request takes; null for none.</param>
    /// <param name="contextOf">Makes the HTTP request for a description.</param>
    public async Task<IReadOnlyList<OtherRoute>> FindAsync(
        DescribedRequest asked, RouteConfig? taken, IEnumerable<RouteConfig> routes, Func<DescribedRequest, HttpContext> contextOf)
    {
        var found = new List<OtherRoute>();
        foreach (var route in routes.Where(route => route.RouteId != taken?.RouteId && TakesPath(route, asked.Path)))
        {
            if (await ByWhatAsync(asked, taken, route, contextOf) is { } by)
                found.Add(new OtherRoute(route.RouteId, by));
        }

        return found;
    }

    /// <summary>Whether the path fits the route's pattern. Constraints are not checked here; routing does that.</summary>
    private static bool TakesPath(RouteConfig route, string path) =>
        new TemplateMatcher(TemplateParser.Parse((route.Match.Path ?? "{**rest}").TrimStart('/')), []).TryMatch(path, []);

    /// <summary>What a request with this path needs to take the route; null where none can.</summary>
    private async Task<string?> ByWhatAsync(DescribedRequest asked, RouteConfig? taken, RouteConfig route, Func<DescribedRequest, HttpContext> contextOf)
    {
        var methods = route.Match.Methods is { Count: > 0 } own ? own.OrderByDescending(method => method.Equals(asked.Method, StringComparison.OrdinalIgnoreCase)) : Methods.Prepend(asked.Method);
        foreach (var method in methods)
        {
            var request = contextOf(RouteConditions.Meeting(asked with { Method = method.ToUpperInvariant() }, route.Match));
            await served.Table.FindAsync(request);
            if (request.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId != route.RouteId)
                continue;

            string[] by =
            [
                .. method.Equals(asked.Method, StringComparison.OrdinalIgnoreCase) ? Array.Empty<string>() : [$"method {method.ToUpperInvariant()}"],
                .. RouteConditions.Of(route.Match),
                .. taken is null ? [] : Without([.. RouteConditions.Of(taken.Match).Except(RouteConditions.Of(route.Match))]),
            ];
            return by.Length == 0 ? "the rest of the request" : string.Join(", ", by);
        }

        return null;
    }

    /// <summary>The request must not meet all conditions of the route that it takes now: one that it does not meet is enough.</summary>
    private static IEnumerable<string> Without(IReadOnlyList<string> conditions) => conditions.Count switch
    {
        0 => [],
        1 => [$"without {conditions[0]}"],
        _ => [$"without one of these: {string.Join(", ", conditions)}"],
    };
}
