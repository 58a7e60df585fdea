using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>Whether two routes match the same requests.</summary>
internal enum Overlap
{
    /// <summary>Not as far as can be seen.</summary>
    None,

    /// <summary>Some request may match both.</summary>
    Possible,

    /// <summary>Every request that matches one matches the other.</summary>
    Certain,
}

/// <summary>Compares the methods, hosts, headers and query parameters of two routes.</summary>
internal static class MatchOverlap
{
    public static Overlap Least(params ReadOnlySpan<Overlap> overlaps)
    {
        var least = Overlap.Certain;
        foreach (var overlap in overlaps)
            least = overlap < least ? overlap : least;
        return least;
    }

    /// <summary>Whether two lists of methods, or of hosts, have a name in common. Patterns need no comparison: routing prefers the more specific one.</summary>
    public static bool OfNames(IReadOnlyList<string>? names, IReadOnlyList<string>? others) =>
        names is not { Count: > 0 } || others is not { Count: > 0 } || names.Any(name => others.Contains(name, StringComparer.OrdinalIgnoreCase));

    public static Overlap OfHeaders(IReadOnlyList<RouteHeader>? headers, IReadOnlyList<RouteHeader>? others) =>
        Of([.. (headers ?? []).Select(Condition.Of)], [.. (others ?? []).Select(Condition.Of)]);

    public static Overlap OfQueries(IReadOnlyList<RouteQueryParameter>? queries, IReadOnlyList<RouteQueryParameter>? others) =>
        Of([.. (queries ?? []).Select(Condition.Of)], [.. (others ?? []).Select(Condition.Of)]);

    /// <summary>The methods and hosts that both name.</summary>
    public static string Shared(RouteMatch match, RouteMatch other) =>
        string.Join(", ", Both(match.Methods, other.Methods).Concat(Both(match.Hosts, other.Hosts)));

    private static IEnumerable<string> Both(IReadOnlyList<string>? names, IReadOnlyList<string>? others) =>
        (names ?? []).Intersect(others ?? [], StringComparer.OrdinalIgnoreCase);

    private static Overlap Of(Condition[] conditions, Condition[] others)
    {
        if (conditions.Any(condition => others.Any(condition.Excludes)))
            return Overlap.None;

        return conditions.All(condition => others.Any(condition.IsSame)) ? Overlap.Certain : Overlap.Possible;
    }

    /// <summary>The condition of a route on a header or a query parameter.</summary>
    /// <param name="Kind">YARP's name of the match mode, without "Header".</param>
    private sealed record Condition(string Name, string Kind, IReadOnlyList<string> Values, StringComparison Case)
    {
        public static Condition Of(RouteHeader header) =>
            new(header.Name, header.Mode.ToString().Replace("Header", "", StringComparison.Ordinal), header.Values ?? [], CaseOf(header.IsCaseSensitive));

        public static Condition Of(RouteQueryParameter query) => new(query.Name, query.Mode.ToString(), query.Values ?? [], CaseOf(query.IsCaseSensitive));

        /// <summary>No request meets both conditions, unless it has the header or parameter twice.</summary>
        public bool Excludes(Condition other)
        {
            if (!IsOf(other))
                return false;
            if (Kind == "NotExists" || other.Kind == "NotExists")
                return Kind != other.Kind && !(Kind + other.Kind).Contains("NotContains", StringComparison.Ordinal);

            return (Kind, other.Kind) switch
            {
                ("Exact", "Exact" or "Prefix" or "Contains" or "NotContains") => !Values.Any(other.Takes),
                ("Prefix" or "Contains" or "NotContains", "Exact") => !other.Values.Any(Takes),
                ("Prefix", "Prefix") => !Values.Any(value => other.Takes(value) || other.Values.Any(Takes)),
                ("Contains", "NotContains") => Values.All(value => other.Values.Any(part => value.Contains(part, other.Case))),
                ("NotContains", "Contains") => other.Values.All(value => Values.Any(part => value.Contains(part, Case))),
                _ => false,
            };
        }

        public bool IsSame(Condition other) =>
            IsOf(other) && Kind == other.Kind && Case == other.Case && Values.ToHashSet(StringComparer.FromComparison(Case)).SetEquals(other.Values);

        private static StringComparison CaseOf(bool isSensitive) => isSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

        private bool IsOf(Condition other) => Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

        private bool Takes(string value) => Kind switch
        {
            "Exact" => Values.Any(own => value.Equals(own, Case)),
            "Prefix" => Values.Any(own => value.StartsWith(own, Case)),
            "Contains" => Values.Any(own => value.Contains(own, Case)),
            "NotContains" => !Values.Any(own => value.Contains(own, Case)),
            _ => true,
        };
    }
}
