using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.V1;

/// <summary><c>{ "CalApiKeyQuery": "apiKey" }</c> in a route's transforms: the key is sent in this query parameter, as API v1 expects it.</summary>
internal sealed class CalApiKeyQueryTransformFactory() : RouteTransformFactory(Key)
{
    public const string Key = "CalApiKeyQuery";

    public static bool IsOn(RouteConfig route) => route.Transforms?.Any(transform => transform.ContainsKey(Key)) == true;

    protected override RequestTransform Create(string value) => new CalApiKeyQueryTransform(value);

    protected override IEnumerable<string> Problems(RouteConfig route, string value, IReadOnlyDictionary<string, string> values)
    {
        if (value.Length == 0 || !value.All(char.IsAsciiLetterOrDigit))
            yield return $"CalApiKeyQuery \"{value}\" of route \"{route.RouteId}\" is no name of a query parameter. API v1 reads \"apiKey\".";

        if (!CalComCluster.IsTargetOf(route))
        {
            yield return $"Route \"{route.RouteId}\" has CalApiKeyQuery, which signs requests with the Cal.com credential, but goes to the cluster " +
                $"\"{route.ClusterId}\". The credential is only ever sent to the cluster \"{CalComCluster.Name}\": remove CalApiKeyQuery, or name that cluster.";
        }

        if (ApiVersionPin.Of(route) is not null)
            yield return $"Route \"{route.RouteId}\" has CalApiVersion and CalApiKeyQuery: one is for API v2, the other for v1. Keep one.";
    }
}
