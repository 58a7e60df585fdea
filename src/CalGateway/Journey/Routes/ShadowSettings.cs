using System.Globalization;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>At which other version a route's reads are asked as well, behind their callers' backs: <c>"Shadow"</c> and <c>"ShadowPercent"</c> beside its pin.</summary>
/// <param name="Version">The other version.</param>
/// <param name="Percent">Of how many successful reads; 0 for none.</param>
internal sealed record ShadowSettings(string Version, decimal Percent)
{
    public const string Key = "Shadow";
    public const string PercentKey = "ShadowPercent";

    private const decimal All = 100;

    /// <summary>Null for a route that names no other version.</summary>
    public static ShadowSettings? Of(RouteConfig route) =>
        route.Transforms?.FirstOrDefault(transform => transform.ContainsKey(ApiVersionPin.Key)) is { } transform && transform.TryGetValue(Key, out var version)
            ? new ShadowSettings(version, PercentIn(transform.GetValueOrDefault(PercentKey) ?? "0") ?? 0)
            : null;

    /// <summary>Null for what is no number from 0 to 100.</summary>
    public static decimal? PercentIn(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= All ? percent : null;

    /// <summary>Where the version stands in the settings, to find its line.</summary>
    public static string KeyOn(RouteConfig route) => $"ReverseProxy:Routes:{route.RouteId}:Transforms:{ApiVersionPin.Of(route)?.Index}:{Key}";

    /// <summary>A share of 1.</summary>
    public double Share => (double)(Percent / All);
}
