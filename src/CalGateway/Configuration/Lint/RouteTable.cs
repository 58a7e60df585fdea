using CalGateway.CalCom;
using CalGateway.Catalogue;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Lint;

/// <summary>A route to Cal.com and the operations that it would get.</summary>
internal sealed record RouteOperations(RouteConfig Route, IReadOnlyList<Operation> Operations);

/// <summary>
/// Which of Cal.com's operations a route would get, by ASP.NET Core's own precedence of patterns.
/// Routes that ask for more than path and method (hosts, headers, queries), or that rewrite the path otherwise than by
/// taking a prefix off, are left out: what they get cannot be told from the file alone.
/// </summary>
internal sealed class RouteTable
{
    private static readonly HashSet<string> PathRewrites = new(StringComparer.OrdinalIgnoreCase) { "PathPrefix", "PathSet", "PathPattern" };

    private readonly List<Entry> _entries;

    public RouteTable(IEnumerable<RouteConfig> routes) => _entries =
    [
        .. routes.Where(IsPlain).Select(Entry.Of).OrderBy(entry => entry.Order).ThenBy(entry => entry.Precedence),
    ];

    /// <summary>Each route to Cal.com that is not left out, with the operations it would get.</summary>
    public IReadOnlyList<RouteOperations> Assign(IEnumerable<Operation> operations)
    {
        var assigned = _entries.ToDictionary(entry => entry, _ => new List<Operation>());
        var prefixes = _entries.Select(entry => entry.RemovedPrefix).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var operation in operations)
        {
            foreach (var prefix in prefixes)
            {
                var winner = _entries.Find(entry => entry.Matches(operation.Method, prefix + operation.Template));
                if (winner is not null && string.Equals(winner.RemovedPrefix, prefix, StringComparison.OrdinalIgnoreCase))
                    assigned[winner].Add(operation);
            }
        }

        return [.. assigned.Where(pair => CalComCluster.IsTargetOf(pair.Key.Route)).Select(pair => new RouteOperations(pair.Key.Route, pair.Value))];
    }

    private static bool IsPlain(RouteConfig route) =>
        route.Match is { Path: not null, Hosts: null or { Count: 0 }, Headers: null or { Count: 0 }, QueryParameters: null or { Count: 0 } }
        && route.Transforms?.Any(transform => transform.Keys.Any(PathRewrites.Contains)) != true;

    private sealed class Entry(RouteConfig route, RouteTemplate template)
    {
        private readonly TemplateMatcher _matcher = new(template, []);
        private readonly string _words = WordsOf(template);

        public RouteConfig Route { get; } = route;

        public int Order { get; } = route.Order ?? 0;

        public decimal Precedence { get; } = RoutePrecedence.ComputeInbound(template);

        public string RemovedPrefix { get; } =
            route.Transforms?.Select(transform => transform.GetValueOrDefault("PathRemovePrefix")).FirstOrDefault(prefix => prefix is not null) ?? "";

        public static Entry Of(RouteConfig route) => new(route, TemplateParser.Parse(route.Match.Path!.TrimStart('/')));

        // A parameter of an operation's template is a segment like any other: its braces match no literal by accident.
        public bool Matches(string method, string path) =>
            (Route.Match.Methods is not { Count: > 0 } methods || methods.Contains(method, StringComparer.OrdinalIgnoreCase))
            && path.AsSpan(1).StartsWith(_words, StringComparison.OrdinalIgnoreCase)
            && _matcher.TryMatch(path, []);

        /// <summary>What a path must begin with: it rules out nearly every path at a tenth of what matching costs.</summary>
        private static string WordsOf(RouteTemplate template) =>
            string.Join('/', template.Segments.TakeWhile(segment => segment is { IsSimple: true, Parts: [{ IsLiteral: true }] }).Select(segment => segment.Parts[0].Text));
    }
}
