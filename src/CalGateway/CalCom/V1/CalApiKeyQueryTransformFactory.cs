using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.CalCom.V1;

/// <summary><c>{ "CalApiKeyQuery": "apiKey" }</c> in a route's transforms: the key is sent in this query parameter, as API v1 expects it.</summary>
internal sealed class CalApiKeyQueryTransformFactory : ITransformFactory
{
    public const string Key = "CalApiKeyQuery";

    public bool Validate(TransformRouteValidationContext context, IReadOnlyDictionary<string, string> transformValues)
    {
        if (!transformValues.TryGetValue(Key, out var parameter))
            return false;

        var route = context.Route;
        if (parameter.Length == 0 || !parameter.All(char.IsAsciiLetterOrDigit))
            context.Errors.Add(new ArgumentException($"CalApiKeyQuery \"{parameter}\" of route \"{route.RouteId}\" is no name of a query parameter. API v1 reads \"apiKey\"."));
        if (!CalComCluster.IsTargetOf(route))
        {
            context.Errors.Add(new ArgumentException(
                $"Route \"{route.RouteId}\" has CalApiKeyQuery, which signs requests with the Cal.com credential, but goes to the cluster " +
                $"\"{route.ClusterId}\". The credential is only ever sent to the cluster \"{CalComCluster.Name}\": remove CalApiKeyQuery, or name that cluster."));
        }

        if (ApiVersionPin.Of(route) is not null)
            context.Errors.Add(new ArgumentException($"Route \"{route.RouteId}\" has CalApiVersion and CalApiKeyQuery: one is for API v2, the other for v1. Keep one."));
        return true;
    }

    public bool Build(TransformBuilderContext context, IReadOnlyDictionary<string, string> transformValues)
    {
        if (!transformValues.TryGetValue(Key, out var parameter))
            return false;

        context.RequestTransforms.Add(new CalApiKeyQueryTransform(parameter));
        return true;
    }

    public static bool IsOn(RouteConfig route) => route.Transforms?.Any(transform => transform.ContainsKey(Key)) == true;
}
