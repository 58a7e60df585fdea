using System.Globalization;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>The version with which a route's reads are compared in the background: <c>"Shadow"</c> and <c>"ShadowPercent"</c> beside its pin.</summary>
/// <param name="Percent">The share of successful reads that is compared, in percent; 0 for none.</param>
internal sealed record ShadowSettings(string Version, decimal Percent)
{
    public const string Key = "Shadow";
    public const string PercentKey = "ShadowPercent";

    private const decimal All = 100;

    /// <summary>Null for a route without a shadow.</summary>
    public static ShadowSettings? Of(RouteConfig route) =>
        route.Transforms?.FirstOrDefault(transform => transform.ContainsKey(ApiVersionPin.Key)) is { } transform && transform.TryGetValue(Key, out var version)
            ? new ShadowSettings(version, PercentIn(transform.GetValueOrDefault(PercentKey) ?? "0") ?? 0)
            : null;

    /// <summary>Null where the text is not a number from 0 to 100.</summary>
    public static decimal? PercentIn(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= All ? percent : null;

    /// <summary>The key of the setting, by which its line is found.</summary>
    public static string KeyOn(RouteConfig route) => $"ReverseProxy:Routes:{route.RouteId}:Transforms:{ApiVersionPin.Of(route)?.Index}:{Key}";

    /// <summary>The share from 0 to 1.</summary>
    public double Share => (double)(Percent / All);
}
