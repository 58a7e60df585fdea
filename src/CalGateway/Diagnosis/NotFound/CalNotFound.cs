using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

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
internal sealed class CalNotFoundTransformFactory : ITransformFactory
{
    private const string Key = "CalNotFound";

    public bool Validate(TransformRouteValidationContext context, IReadOnlyDictionary<string, string> transformValues)
    {
        if (!transformValues.TryGetValue(Key, out var value))
            return false;

        if (Parse(value) is null)
        {
            context.Errors.Add(new ArgumentException(
                $"CalNotFound \"{value}\" of route \"{context.Route.RouteId}\" must be \"All\", \"RouteMiss\" or \"None\"."));
        }

        return true;
    }

    /// <summary>Adds no transform: every route to Cal.com has the diagnosis, which reads this setting from the route's plan.</summary>
    public bool Build(TransformBuilderContext context, IReadOnlyDictionary<string, string> transformValues) => transformValues.ContainsKey(Key);

    public static CalNotFound ModeOf(RouteConfig route) =>
        route.Transforms?.Select(transform => Parse(transform.GetValueOrDefault(Key))).LastOrDefault(mode => mode is not null) ?? CalNotFound.All;

    private static CalNotFound? Parse(string? value) => value?.ToUpperInvariant() switch
    {
        "ALL" => CalNotFound.All,
        "ROUTEMISS" => CalNotFound.RouteMiss,
        "NONE" => CalNotFound.None,
        _ => null,
    };
}
