using CalGateway.CalCom;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.NotFound;

/// <summary>Which of Cal.com's 404s become the diagnostic 502.</summary>
internal enum CalNotFound
{
    /// <summary>All of them; the default.</summary>
    All,

    /// <summary>Only those about a missing route. A 404 about a missing resource is passed on unchanged.</summary>
    RouteMiss,

    None,
}

/// <summary><c>{ "CalNotFound": "RouteMiss" }</c> in a route's transforms.</summary>
internal sealed class CalNotFoundTransformFactory() : RouteTransformFactory(Key)
{
    private const string Key = "CalNotFound";

    public static CalNotFound ModeOf(RouteConfig route) =>
        route.Transforms?.Select(transform => Parse(transform.GetValueOrDefault(Key))).LastOrDefault(mode => mode is not null) ?? CalNotFound.All;

    /// <summary>Every route to Cal.com has the diagnosis, which reads this setting from the route's plan.</summary>
    protected override RequestTransform? Create(string value) => null;

    protected override IEnumerable<string> Problems(RouteConfig route, string value, IReadOnlyDictionary<string, string> values)
    {
        if (Parse(value) is null)
            yield return $"CalNotFound \"{value}\" of route \"{route.RouteId}\" must be \"All\", \"RouteMiss\" or \"None\".";
    }

    private static CalNotFound? Parse(string? value) => value?.ToUpperInvariant() switch
    {
        "ALL" => CalNotFound.All,
        "ROUTEMISS" => CalNotFound.RouteMiss,
        "NONE" => CalNotFound.None,
        _ => null,
    };
}
