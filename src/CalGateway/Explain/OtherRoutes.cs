using CalGateway.Configuration.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>A route that takes the same path where the rest of the request is another.</summary>
/// <param name="Route">Its id.</param>
/// <param name="By">What a request needs to get there.</param>
internal sealed record OtherRoute(string Route, string By);

/// <summary>
/// Finds the routes that a path could take besides the one that it takes. Each is put to routing with a request that has what the route asks for: what
/// routing does not give to it even then, is not named.
/// </summary>
internal sealed class OtherRoutes(ServedRoutes served)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <param name="asked">The request.</param>
    /// <param name="taken">The route that it takes; null for none.</param>
    /// <param name="routes">All that there are.</param>
    /// <param name="contextOf">Makes the request that arrives.</param>
    public async Task<IReadOnlyList<OtherRoute>> FindAsync(
        Asked asked, RouteConfig? taken, IEnumerable<RouteConfig> routes, Func<Asked, HttpContext> contextOf)
    {
        var found = new List<OtherRoute>();
        foreach (var route in routes.Where(route => route.RouteId != taken?.RouteId && TakesPath(route, asked.Path)))
        {
            if (await ByWhatAsync(asked, taken, route, contextOf) is { } by)
                found.Add(new OtherRoute(route.RouteId, by));
        }

        return found;
    }

    /// <summary>Constraints are left to routing.</summary>
    private static bool TakesPath(RouteConfig route, string path) =>
        new TemplateMatcher(TemplateParser.Parse((route.Match.Path ?? "{**rest}").TrimStart('/')), []).TryMatch(path, []);

    /// <summary>Null where no request of this path gets there.</summary>
    private async Task<string?> ByWhatAsync(Asked asked, RouteConfig? taken, RouteConfig route, Func<Asked, HttpContext> contextOf)
    {
        var methods = route.Match.Methods is { Count: > 0 } own ? own : Methods;
        foreach (var method in methods.OrderByDescending(method => method.Equals(asked.Method, StringComparison.OrdinalIgnoreCase)))
        {
            var request = contextOf(RouteConditions.Meeting(asked with { Method = method.ToUpperInvariant() }, route.Match));
            await served.Table.FindAsync(request);
            if (request.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId != route.RouteId)
                continue;

            string[] by =
            [
                .. method.Equals(asked.Method, StringComparison.OrdinalIgnoreCase) ? Array.Empty<string>() : [$"method {method.ToUpperInvariant()}"],
                .. RouteConditions.Of(route.Match),
                .. taken is null ? [] : RouteConditions.Of(taken.Match).Except(RouteConditions.Of(route.Match)).Select(condition => $"without {condition}"),
            ];
            return by.Length == 0 ? "the rest of the request" : string.Join(", ", by);
        }

        return null;
    }
}
