using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>A route to Cal.com and the operations that it gets.</summary>
internal sealed record RouteOperations(RouteConfig Route, IReadOnlyList<Operation> Operations);

/// <summary>
/// Finds out which of Cal.com's operations each route gets, by ASP.NET Core's precedence of patterns and its constraints. Routes that match by more than path and
/// method (hosts, headers, queries), and routes that rewrite the path otherwise than by removing a prefix, are left out: what they get does not follow from the
/// file alone.
/// </summary>
internal sealed class RouteTable
{
    private static readonly HashSet<string> PathRewrites = new(StringComparer.OrdinalIgnoreCase) { "PathPrefix", "PathSet", "PathPattern" };

    /// <summary>The routes in the order of routing: the first that matches a path gets it.</summary>
    private readonly List<Entry> _entries;

    /// <summary>The indexes in <see cref="_entries"/>, by the literal segments that the pattern begins with.</summary>
    private readonly Dictionary<string, List<int>> _places = new(StringComparer.OrdinalIgnoreCase);

    public RouteTable(IEnumerable<RouteConfig> routes)
    {
        _entries = [.. routes.Where(IsPlain).Select(Entry.Of).OrderBy(entry => entry.Order).ThenBy(entry => entry.Precedence).ThenBy(entry => entry.HasMethods ? 0 : 1).ThenBy(entry => entry.Route.RouteId, StringComparer.OrdinalIgnoreCase)];
        for (var place = 0; place < _entries.Count; place++)
        {
            if (!_places.TryGetValue(_entries[place].Words, out var places))
                _places[_entries[place].Words] = places = [];
            places.Add(place);
        }
    }

    /// <summary>The routes to Cal.com that are not left out, each with its operations.</summary>
    public IReadOnlyList<RouteOperations> Assign(IEnumerable<Operation> operations)
    {
        var assigned = _entries.ToDictionary(entry => entry, _ => new List<Operation>());
        var prefixes = _entries.Select(entry => entry.RemovedPrefix).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var operation in operations)
        {
            foreach (var prefix in prefixes)
            {
                var winner = Winner(operation.Method, prefix + operation.Template);
                if (winner is not null && string.Equals(winner.RemovedPrefix, prefix, StringComparison.OrdinalIgnoreCase))
                    assigned[winner].Add(operation);
            }
        }

        return [.. assigned.Where(pair => CalComCluster.IsTargetOf(pair.Key.Route)).Select(pair => new RouteOperations(pair.Key.Route, pair.Value))];
    }

    /// <summary>The route that gets a path; null for none. Looks only at patterns whose literal segments the path begins with, because there may be a thousand routes.</summary>
    private Entry? Winner(string method, string path)
    {
        var first = _entries.Count;
        var words = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = 0; length >= 0; length = NextWord(path, length))
        {
            if (!words.TryGetValue(path.AsSpan(Math.Min(1, length)..length), out var places))
                continue;

            var found = places.FindIndex(place => place < first && _entries[place].Matches(method, path));
            first = found < 0 ? first : places[found];
        }

        return first < _entries.Count ? _entries[first] : null;
    }

    /// <summary>The index of the end of the segment that follows an index in a path; -1 after the last.</summary>
    private static int NextWord(string path, int from) =>
        from >= path.Length ? -1 : path.IndexOf('/', from + 1) is >= 0 and var next ? next : path.Length;

    private static bool IsPlain(RouteConfig route) =>
        route.Match is { Path: not null, Hosts: null or { Count: 0 }, Headers: null or { Count: 0 }, QueryParameters: null or { Count: 0 } }
        && route.Transforms?.Any(transform => transform.Keys.Any(PathRewrites.Contains)) != true;

    private sealed class Entry(RouteConfig route, RouteTemplate template)
    {
        private readonly TemplateMatcher _matcher = new(template, []);
        private readonly PathConstraints _constraints = new(template);

        public RouteConfig Route { get; } = route;

        public string Words { get; } = WordsOf(template);

        public int Order { get; } = route.Order ?? 0;

        /// <summary>Whether the route names methods. Of two otherwise equal routes, routing tries the one with methods first.</summary>
        public bool HasMethods { get; } = route.Match.Methods is { Count: > 0 };

        public decimal Precedence { get; } = RoutePrecedence.ComputeInbound(template);

        public string RemovedPrefix { get; } =
            route.Transforms?.Select(transform => transform.GetValueOrDefault("PathRemovePrefix")).FirstOrDefault(prefix => prefix is not null) ?? "";

        public static Entry Of(RouteConfig route) => new(route, TemplateParser.Parse(route.Match.Path!.TrimStart('/')));

        // The path is an operation's template. A parameter in it, such as {id}, is a segment like any other: no literal contains braces.
        public bool Matches(string method, string path) =>
            (Route.Match.Methods is not { Count: > 0 } methods || methods.Contains(method, StringComparer.OrdinalIgnoreCase))
            && new RouteValueDictionary() is var values
            && _matcher.TryMatch(path, values)
            && _constraints.Admit(values);

        private static string WordsOf(RouteTemplate template) =>
            string.Join('/', template.Segments.TakeWhile(segment => segment is { IsSimple: true, Parts: [{ IsLiteral: true }] }).Select(segment => segment.Parts[0].Text));
    }
}
