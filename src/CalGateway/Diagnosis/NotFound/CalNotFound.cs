using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Diagnosis.NotFound;

/// <summary>Which of Cal.com's 404s become the diagnostic 502.</summary>
internal enum CalNotFound
{
    /// <summary>Every one; the default.</summary>
    All,

    /// <summary>Those about a route; an honest 404 about a thing passes as it is.</summary>
    RouteMiss,

    /// <summary>None.</summary>
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

    /// <summary>Nothing is added: every route to Cal.com has its diagnosis, which finds the mode in the route's plan.</summary>
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
