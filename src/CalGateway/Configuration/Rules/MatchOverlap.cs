using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>Whether there is a request that two routes match.</summary>
internal enum Overlap
{
    /// <summary>None that is known of.</summary>
    None,

    /// <summary>It depends on the request.</summary>
    Possible,

    /// <summary>Whatever one takes, the other takes.</summary>
    Certain,
}

/// <summary>What two routes have in common in methods, hosts, headers and query parameters.</summary>
internal static class MatchOverlap
{
    public static Overlap Least(params ReadOnlySpan<Overlap> overlaps)
    {
        var least = Overlap.Certain;
        foreach (var overlap in overlaps)
            least = overlap < least ? overlap : least;
        return least;
    }

    /// <summary>Of methods, or of hosts: of those the one that says more comes first, so that only equal ones are in each other's way.</summary>
    public static bool OfNames(IReadOnlyList<string>? names, IReadOnlyList<string>? others) =>
        names is not { Count: > 0 } || others is not { Count: > 0 } || names.Any(name => others.Contains(name, StringComparer.OrdinalIgnoreCase));

    public static Overlap OfHeaders(IReadOnlyList<RouteHeader>? headers, IReadOnlyList<RouteHeader>? others) =>
        Of([.. (headers ?? []).Select(Condition.Of)], [.. (others ?? []).Select(Condition.Of)]);

    public static Overlap OfQueries(IReadOnlyList<RouteQueryParameter>? queries, IReadOnlyList<RouteQueryParameter>? others) =>
        Of([.. (queries ?? []).Select(Condition.Of)], [.. (others ?? []).Select(Condition.Of)]);

    /// <summary>What both name, in words.</summary>
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

    /// <summary>What a route asks of a header or of a query parameter.</summary>
    /// <param name="Kind">As YARP calls it, without what it is about.</param>
    private sealed record Condition(string Name, string Kind, IReadOnlyList<string> Values, StringComparison Case)
    {
        public static Condition Of(RouteHeader header) =>
            new(header.Name, header.Mode.ToString().Replace("Header", "", StringComparison.Ordinal), header.Values ?? [], CaseOf(header.IsCaseSensitive));

        public static Condition Of(RouteQueryParameter query) => new(query.Name, query.Mode.ToString(), query.Values ?? [], CaseOf(query.IsCaseSensitive));

        /// <summary>No request, unless it says the same thing twice, meets both.</summary>
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
