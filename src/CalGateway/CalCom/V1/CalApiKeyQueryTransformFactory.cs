using CalGateway.Journey;
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

/// <summary>
/// Signs a request to API v1, which takes the key in the query, if access has decided that the request is signed. A key that the caller sent is removed. The
/// signature is only attached to the request here: <see cref="QuerySigningHandler"/> puts it into the address after everything that logs addresses.
/// </summary>
internal sealed class CalApiKeyQueryTransform(string parameter) : RequestTransform
{
    public static readonly HttpRequestOptionsKey<QuerySignature> SignWith = new("CalGateway.SignWith");

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        foreach (var name in context.HttpContext.Request.Query.Keys)
        {
            if (IsKey(name))
                context.Query.Collection.Remove(name);
        }

        if (GatewayCall.Of(context.HttpContext).Signature is { } key)
            context.ProxyRequest.Options.Set(SignWith, new QuerySignature(key, parameter));
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a query parameter is the key; also as <c>apiKey[]</c>, which some servers read as the same name.</summary>
    private bool IsKey(string name) =>
        name.StartsWith(parameter, StringComparison.OrdinalIgnoreCase) && (name.Length == parameter.Length || name[parameter.Length] == '[');
}
