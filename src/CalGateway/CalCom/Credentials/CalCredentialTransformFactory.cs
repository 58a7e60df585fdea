using CalGateway.CalCom.V1;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Credentials;

/// <summary><c>{ "CalCredential": "Caller" }</c> in a route's transforms: requests are signed with the caller's own token instead of the gateway's key.</summary>
internal sealed class CalCredentialTransformFactory() : RouteTransformFactory(Key)
{
    public const string Key = "CalCredential";
    private const string Caller = "Caller";
    private const string Authorization = "Authorization";

    /// <summary>YARP's transforms that could change the header.</summary>
    private static readonly string[] HeaderTransforms = ["RequestHeader", "RequestHeaderRemove", "RequestHeaderRouteValue"];

    public static bool IsCallers(RouteConfig route) => route.Transforms?.Any(transform => Caller.Equals(transform.GetValueOrDefault(Key), StringComparison.OrdinalIgnoreCase)) == true;

    protected override RequestTransform Create(string value) => new CallersCredentialTransform();

    protected override IEnumerable<string> Problems(RouteConfig route, string value, IReadOnlyDictionary<string, string> values)
    {
        if (!value.Equals(Caller, StringComparison.OrdinalIgnoreCase))
            yield return $"CalCredential \"{value}\" of route \"{route.RouteId}\" must be \"{Caller}\"; without it the gateway's own credential signs.";

        if (!CalComCluster.IsTargetOf(route))
        {
            yield return $"Route \"{route.RouteId}\" has CalCredential, which sends callers' Cal.com tokens on, but goes to the cluster \"{route.ClusterId}\". " +
                $"They are only ever sent to the cluster \"{CalComCluster.Name}\": remove CalCredential, or name that cluster.";
        }

        if (route.Transforms!.Count(transform => transform.ContainsKey(Key)) > 1)
            yield return $"Route \"{route.RouteId}\" has CalCredential more than once. Keep one.";

        if (CalApiKeyQueryTransformFactory.IsOn(route))
            yield return $"Route \"{route.RouteId}\" has CalCredential and CalApiKeyQuery: one sends the caller's token, the other the gateway's key. Keep one.";

        if (route.Transforms!.Any(SetsAuthorization))
            yield return $"Route \"{route.RouteId}\" has CalCredential and a transform that changes Authorization, which holds the caller's token. Remove one of them.";
    }

    private static bool SetsAuthorization(IReadOnlyDictionary<string, string> transform) => transform.Any(pair =>
        HeaderTransforms.Contains(pair.Key, StringComparer.OrdinalIgnoreCase) && pair.Value.Equals(Authorization, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Sends the caller's own token, as access has read it. The caller's header itself is not forwarded: <see cref="Headers.CallerHeaders"/> leaves it out.</summary>
internal sealed class CallersCredentialTransform : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.Authorization = GatewayCall.Of(context.HttpContext).Signature?.Header;
        return ValueTask.CompletedTask;
    }
}
