using System.Globalization;
using CalGateway.CalCom;
using CalGateway.Journey;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// What YARP and routing would say to a configuration, asked before it is in force: YARP's own validators, and whatever else
/// would only fail while the endpoints are built, when it is too late to keep the last good ones.
/// </summary>
internal static class YarpRules
{
    /// <summary>Made once, since nothing in it depends on a configuration.</summary>
    private static readonly ServiceProvider Yarp = Build();

    /// <summary>What the health policies of YARP's read from a cluster's metadata.</summary>
    private static readonly (string Name, double Most, string Words)[] NumbersInMetadata =
    [
        ("ConsecutiveFailuresHealthPolicy.Threshold", int.MaxValue, "a number of failures, such as \"2\""),
        ("TransportFailureRateHealthPolicy.RateLimit", 1, "a part of all requests, more than 0 and at most 1, such as \"0.3\""),
    ];

    public static IEnumerable<Finding> Examine(RouteConfig route)
    {
        var key = $"ReverseProxy:Routes:{route.RouteId}";

        // Of policies YARP knows only those that are fixed at start, and the schema lets no others through; transforms have their turn one by one below.
        var forYarp = route with { OutputCachePolicy = null, AuthorizationPolicy = null, CorsPolicy = null, RateLimiterPolicy = null, Transforms = null };
        foreach (var failure in Wait(Yarp.GetRequiredService<IConfigValidator>().ValidateRouteAsync(forYarp)))
            yield return YarpPlaces.InRoute(key, Message(failure));

        foreach (var fault in ConstraintRules.Examine(route.Match.Path, Yarp.GetRequiredService<ParameterPolicyFactory>()))
            yield return Finding.Error(fault, $"{key}:Match:Path");

        for (var index = 0; index < route.Transforms?.Count; index++)
        {
            foreach (var message in TransformFaults(route, route.Transforms[index]))
                yield return Finding.Error(message, $"{key}:Transforms:{index}");
        }
    }

    public static IEnumerable<Finding> Examine(ClusterConfig cluster)
    {
        var key = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        return Wait(Yarp.GetRequiredService<IConfigValidator>().ValidateClusterAsync(cluster))
            .Select(failure => YarpPlaces.InCluster(key, Message(failure)))
            .Concat(Numbers(cluster, key));
    }

    /// <summary>YARP would take its default for what it cannot read, and say nothing.</summary>
    private static IEnumerable<Finding> Numbers(ClusterConfig cluster, string key) =>
        from number in NumbersInMetadata
        let text = cluster.Metadata?.GetValueOrDefault(number.Name)
        where text is not null && !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= number.Most)
        select Finding.Error($"\"{number.Name}\" must be {number.Words}, not \"{text}\".", $"{key}:Metadata:{number.Name}");

    private static List<string> TransformFaults(RouteConfig route, IReadOnlyDictionary<string, string> values)
    {
        var context = new TransformRouteValidationContext { Services = Yarp, Route = route };
        var factory = Yarp.GetServices<ITransformFactory>().FirstOrDefault(factory => factory.Validate(context, values));
        if (factory is null)
            return [$"Route \"{route.RouteId}\" has an unknown transform: {string.Join(", ", values.Keys)}."];
        if (context.Errors.Count > 0)
            return [.. context.Errors.Select(error => error.Message)];

        try
        {
            factory.Build(new TransformBuilderContext { Services = Yarp, Route = route }, values);
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

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddReverseProxy().AddCalComTransformFactories();
        services.AddSingleton(new Credential("signs-nothing"));
        return services.BuildServiceProvider();
    }
}
