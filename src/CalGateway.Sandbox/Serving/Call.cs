using System.Globalization;
using System.Text.Json.Nodes;
using CalGateway.Sandbox.Routing;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Serving;

/// <summary>One call of an operation, past its guards.</summary>
/// <param name="IsOwner">Whether a valid key came; without one the caller is anonymous.</param>
/// <param name="Key">The key itself, where one came.</param>
/// <param name="Body">The JSON object that came; empty where none did.</param>
internal sealed record Call(
    RouteMatch Route,
    ApiVersions Version,
    bool IsOwner,
    string? Key,
    IReadOnlyDictionary<string, StringValues> Query,
    JsonObject Body)
{
    /// <summary>The first value of a query parameter; null if it is missing or empty.</summary>
    public string? Ask(string parameter) =>
        Query.TryGetValue(parameter, out var values) && values.Count > 0 && values[0]!.Length > 0 ? values[0] : null;

    public int? AskNumber(string parameter) => Number(Ask(parameter));

    public DateTimeOffset? AskTime(string parameter) => Ask(parameter) is { } text ? Json.ParseTime(text) : null;

    /// <summary>A numeric route parameter; null if it is no whole number.</summary>
    public int? RouteNumber(string parameter) => Number(Route[parameter]);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
