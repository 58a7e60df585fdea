using System.Globalization;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// YARP's own validators, for routes, clusters and transforms, and what they leave out: constraints in paths, and transforms that validate but
/// cannot be built.
/// </summary>
/// <param name="transforms">What routes may name besides YARP's own.</param>
internal sealed class YarpRules(IReadOnlyList<ITransformFactory> transforms)
{
    /// <summary>What the health policies of YARP's read from a cluster's metadata.</summary>
    private static readonly (string Name, double Most, string Words)[] NumbersInMetadata =
    [
        ("ConsecutiveFailuresHealthPolicy.Threshold", int.MaxValue, "a number of failures, such as \"2\""),
        ("TransportFailureRateHealthPolicy.RateLimit", 1, "a part of all requests, more than 0 and at most 1, such as \"0.3\""),
    ];

    private readonly ServiceProvider _yarp = Build(transforms);

    public IEnumerable<Finding> Examine(RouteConfig route)
    {
        var key = $"ReverseProxy:Routes:{route.RouteId}";

        // Policies are resolved by the rooms and unknown to YARP; transforms are validated one by one below, to tell which one is wrong.
        var forYarp = route with { OutputCachePolicy = null, AuthorizationPolicy = null, CorsPolicy = null, RateLimiterPolicy = null, Transforms = null };
        foreach (var failure in Wait(_yarp.GetRequiredService<IConfigValidator>().ValidateRouteAsync(forYarp)))
            yield return YarpPlaces.InRoute(key, Message(failure));

        foreach (var fault in ConstraintRules.Examine(route.Match.Path, _yarp.GetRequiredService<ParameterPolicyFactory>()))
            yield return Finding.Error(fault, $"{key}:Match:Path");

        for (var index = 0; index < route.Transforms?.Count; index++)
        {
            foreach (var message in TransformFaults(route, route.Transforms[index]))
                yield return Finding.Error(message, $"{key}:Transforms:{index}");
        }
    }

    public IEnumerable<Finding> Examine(ClusterConfig cluster)
    {
        var key = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        return Wait(_yarp.GetRequiredService<IConfigValidator>().ValidateClusterAsync(cluster))
            .Select(failure => YarpPlaces.InCluster(key, Message(failure)))
            .Concat(Numbers(cluster, key));
    }

    /// <summary>YARP would take its default for what it cannot read, and say nothing.</summary>
    private static IEnumerable<Finding> Numbers(ClusterConfig cluster, string key) =>
        from number in NumbersInMetadata
        let text = cluster.Metadata?.GetValueOrDefault(number.Name)
        where text is not null && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= number.Most)
        select Finding.Error($"\"{number.Name}\" must be {number.Words}, not \"{text}\".", $"{key}:Metadata:{number.Name}");

    private List<string> TransformFaults(RouteConfig route, IReadOnlyDictionary<string, string> values)
    {
        var context = new TransformRouteValidationContext { Services = _yarp, Route = route };
        var factory = _yarp.GetServices<ITransformFactory>().FirstOrDefault(factory => factory.Validate(context, values));
        if (factory is null)
            return [$"Route \"{route.RouteId}\" has an unknown transform: {string.Join(", ", values.Keys)}."];
        if (context.Errors.Count > 0)
            return [.. context.Errors.Select(error => error.Message)];

        try
        {
            factory.Build(new TransformBuilderContext { Services = _yarp, Route = route }, values);
            return [];
        }
        catch (Exception failure)
        {
            var cure = failure.Message.Contains("more parameters", StringComparison.Ordinal) ? ". One of them has no effect here; remove it." : "";
            return [$"A transform of route \"{route.RouteId}\" cannot be built: {failure.Message}{cure}"];
        }
    }

    private static string Message(Exception failure) => $"{failure.Message} {failure.InnerException?.Message}".TrimEnd();

    /// <summary>YARP's validators are asynchronous in form only: none of them leaves the process.</summary>
    private static IList<Exception> Wait(ValueTask<IList<Exception>> failures) => failures.AsTask().GetAwaiter().GetResult();

    private static ServiceProvider Build(IEnumerable<ITransformFactory> transforms)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddReverseProxy();
        foreach (var transform in transforms)
            services.AddSingleton(transform);
        return services.BuildServiceProvider();
    }
}
