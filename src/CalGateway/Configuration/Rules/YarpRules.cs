using System.Globalization;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Runs YARP's own validators for routes, clusters and transforms, and checks what these leave out: constraints in paths, numbers in metadata, and
/// transforms that are valid but cannot be built.
/// </summary>
internal sealed class YarpRules(IReadOnlyList<ITransformFactory> transforms)
{
    /// <summary>The numbers that YARP's health policies read from a cluster's metadata.</summary>
    private static readonly (string Name, double Maximum, string Words)[] NumbersInMetadata =
    [
        ("ConsecutiveFailuresHealthPolicy.Threshold", int.MaxValue, "a number of failures, such as \"2\""),
        ("TransportFailureRateHealthPolicy.RateLimit", 1, "a part of all requests, more than 0 and at most 1, such as \"0.3\""),
    ];

    private readonly Lazy<ServiceProvider> _yarp = new(() => Build(transforms));

    /// <param name="isTried">False where YARP itself will validate the same when it is given the settings; routing would not find a wrong constraint before the first request.</param>
    public IEnumerable<Finding> Examine(RouteConfig route, bool isTried)
    {
        var key = $"ReverseProxy:Routes:{route.RouteId}";
        foreach (var error in ConstraintRules.Examine(route.Match.Path))
            yield return Finding.Error(error, $"{key}:Match:Path");
        if (!isTried)
            yield break;

        // YARP does not know the gateway's policies; they are checked elsewhere. Transforms are validated one by one below, to find the wrong one.
        var forYarp = route with { OutputCachePolicy = null, AuthorizationPolicy = null, CorsPolicy = null, RateLimiterPolicy = null, Transforms = null };
        foreach (var failure in Wait(_yarp.Value.GetRequiredService<IConfigValidator>().ValidateRouteAsync(forYarp)))
            yield return YarpMessages.InRoute(key, Message(failure));

        for (var index = 0; index < route.Transforms?.Count; index++)
        {
            foreach (var message in ErrorsOfTransform(route, route.Transforms[index]))
                yield return Finding.Error(message, $"{key}:Transforms:{index}");
        }
    }

    public IEnumerable<Finding> Examine(ClusterConfig cluster, bool isTried)
    {
        var key = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        return !isTried
            ? Numbers(cluster, key)
            : Wait(_yarp.Value.GetRequiredService<IConfigValidator>().ValidateClusterAsync(cluster))
                .Select(failure => YarpMessages.InCluster(key, Message(failure)))
                .Concat(Numbers(cluster, key));
    }

    /// <summary>YARP silently uses its default for a number that it cannot read.</summary>
    private static IEnumerable<Finding> Numbers(ClusterConfig cluster, string key) =>
        from number in NumbersInMetadata
        let text = cluster.Metadata?.GetValueOrDefault(number.Name)
        where text is not null && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= number.Maximum)
        select Finding.Error($"\"{number.Name}\" must be {number.Words}, not \"{text}\".", $"{key}:Metadata:{number.Name}");

    private List<string> ErrorsOfTransform(RouteConfig route, IReadOnlyDictionary<string, string> values)
    {
        var context = new TransformRouteValidationContext { Services = _yarp.Value, Route = route };
        var factory = _yarp.Value.GetServices<ITransformFactory>().FirstOrDefault(factory => factory.Validate(context, values));
        if (factory is null)
            return [$"Route \"{route.RouteId}\" has an unknown transform: {string.Join(", ", values.Keys)}."];
        if (context.Errors.Count > 0)
            return [.. context.Errors.Select(error => error.Message)];

        try
        {
            factory.Build(new TransformBuilderContext { Services = _yarp.Value, Route = route }, values);
            return [];
        }
        catch (Exception failure)
        {
            var cure = failure.Message.Contains("more parameters", StringComparison.Ordinal) ? ". One of them has no effect here; remove it." : "";
            return [$"A transform of route \"{route.RouteId}\" cannot be built: {failure.Message}{cure}"];
        }
    }

    private static string Message(Exception failure) => $"{failure.Message} {failure.InnerException?.Message}".TrimEnd();

    /// <summary>Waiting is safe: YARP's validators are declared asynchronous, but do no I/O.</summary>
    private static IList<Exception> Wait(ValueTask<IList<Exception>> failures) => failures.AsTask().GetAwaiter().GetResult();

    private static ServiceProvider Build(IEnumerable<ITransformFactory> transforms)
    {
        var services = new ServiceCollection().AddLogging();
        YarpRegistration.AddTo(services, transforms);
        return services.BuildServiceProvider();
    }
}
