using CalGateway.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Explain;

/// <summary>What a route asks for besides path and method: in words, and as a request that meets it.</summary>
internal static class RouteConditions
{
    private const string AnyValue = "1";

    public static IReadOnlyList<string> Of(RouteMatch match) =>
    [
        .. match.Hosts is { Count: > 0 } hosts ? [$"host {string.Join(" or ", hosts)}"] : Array.Empty<string>(),
        .. (match.Headers ?? []).Select(header => header.Mode switch
        {
            HeaderMatchMode.Exists => $"header {header.Name}",
            HeaderMatchMode.NotExists => $"no header {header.Name}",
            HeaderMatchMode.HeaderPrefix => $"header {header.Name}: {Values(header.Name, header.Values)}…",
            HeaderMatchMode.Contains => $"header {header.Name} with {Values(header.Name, header.Values)} in it",
            HeaderMatchMode.NotContains => $"no header {header.Name} with {Values(header.Name, header.Values)} in it",
            _ => $"header {header.Name}: {Values(header.Name, header.Values)}",
        }),
        .. (match.QueryParameters ?? []).Select(parameter => parameter.Mode switch
        {
            QueryParameterMatchMode.Exists => $"query {parameter.Name}",
            QueryParameterMatchMode.Prefix => $"query {parameter.Name}={Values(parameter.Name, parameter.Values)}…",
            QueryParameterMatchMode.Contains => $"query {parameter.Name} with {Values(parameter.Name, parameter.Values)} in it",
            QueryParameterMatchMode.NotContains => $"no query {parameter.Name} with {Values(parameter.Name, parameter.Values)} in it",
            _ => $"query {parameter.Name}={Values(parameter.Name, parameter.Values)}",
        }),
    ];

    /// <summary>The request with the headers, query and host that the route asks for, and no others: these could keep it from the route.</summary>
    public static DescribedRequest Meeting(DescribedRequest asked, RouteMatch match)
    {
        var headers = (match.Headers ?? [])
            .Where(header => header.Mode is not (HeaderMatchMode.NotExists or HeaderMatchMode.NotContains))
            .Select(header => $"{header.Name}: {(header.Values is [var first, ..] ? first : AnyValue)}");
        var query = (match.QueryParameters ?? [])
            .Where(parameter => parameter.Mode != QueryParameterMatchMode.NotContains)
            .Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Values is [var first, ..] ? first : AnyValue)}");
        return (asked with { Query = string.Join('&', query) is { Length: > 0 } text ? "?" + text : "" }).With(headers, HostOf(match));
    }

    /// <summary>A host that matches the route's first pattern, such as <c>*.example.com:8080</c>.</summary>
    private static string? HostOf(RouteMatch match) => match.Hosts switch
    {
        ["*", ..] or null or [] => "localhost",
        [var first, ..] => first.Replace("*:", "localhost:", StringComparison.Ordinal).Replace("*", "any", StringComparison.Ordinal),
    };

    /// <summary>Values are shown as in the settings report, because some are secrets.</summary>
    private static string Values(string name, IReadOnlyList<string>? values) => string.Join(" or ", (values ?? []).Select(value => new Setting(name, value, "").Shown));
}
