using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>A route to Cal.com and the operations that it would get.</summary>
internal sealed record RouteOperations(RouteConfig Route, IReadOnlyList<Operation> Operations);

/// <summary>
/// Which of Cal.com's operations a route would get, by ASP.NET Core's own precedence of patterns and its own constraints.
/// Routes that ask for more than path and method (hosts, headers, queries), or that rewrite the path otherwise than by
/// taking a prefix off, are left out: what they get cannot be told from the file alone.
/// </summary>
internal sealed class RouteTable
{
    private static readonly HashSet<string> PathRewrites = new(StringComparer.OrdinalIgnoreCase) { "PathPrefix", "PathSet", "PathPattern" };

    /// <summary>The first that matches a path wins.</summary>
    private readonly List<Entry> _entries;

    /// <summary>The places in <see cref="_entries"/> of those whose pattern begins with the same words.</summary>
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

    /// <summary>Each route to Cal.com that is not left out, with the operations it would get.</summary>
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

    /// <summary>Only patterns whose words a path begins with can match it; a list of a thousand routes is not gone through for each operation.</summary>
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

    /// <summary>The end of the word that follows a place in a path; negative after the last.</summary>
    private static int NextWord(string path, int from) =>
        from >= path.Length ? -1 : path.IndexOf('/', from + 1) is >= 0 and var next ? next : path.Length;

    private static bool IsPlain(RouteConfig route) =>
        route.Match is { Path: not null, Hosts: null or { Count: 0 }, Headers: null or { Count: 0 }, QueryParameters: null or { Count: 0 } }
        && route.Transforms?.Any(transform => transform.Keys.Any(PathRewrites.Contains)) != true;

    private sealed class Entry(RouteConfig route, RouteTemplate template)
    {
        private readonly TemplateMatcher _matcher = new(template, []);
        private readonly PathConstraints _constraints = PathConstraints.Of(template);

        public RouteConfig Route { get; } = route;

        /// <summary>What a path must begin with.</summary>
        public string Words { get; } = WordsOf(template);

        public int Order { get; } = route.Order ?? 0;

        /// <summary>Of two routes that differ in nothing else, routing tries the one with methods first.</summary>
        public bool HasMethods { get; } = route.Match.Methods is { Count: > 0 };

        public decimal Precedence { get; } = RoutePrecedence.ComputeInbound(template);

        public string RemovedPrefix { get; } =
            route.Transforms?.Select(transform => transform.GetValueOrDefault("PathRemovePrefix")).FirstOrDefault(prefix => prefix is not null) ?? "";

        public static Entry Of(RouteConfig route) => new(route, TemplateParser.Parse(route.Match.Path!.TrimStart('/')));

        // A parameter of an operation's template is a segment like any other: its braces match no literal by accident.
        public bool Matches(string method, string path) =>
            (Route.Match.Methods is not { Count: > 0 } methods || methods.Contains(method, StringComparer.OrdinalIgnoreCase))
            && new RouteValueDictionary() is var values
            && _matcher.TryMatch(path, values)
            && _constraints.Admit(values);

        private static string WordsOf(RouteTemplate template) =>
            string.Join('/', template.Segments.TakeWhile(segment => segment is { IsSimple: true, Parts: [{ IsLiteral: true }] }).Select(segment => segment.Parts[0].Text));
    }
}
