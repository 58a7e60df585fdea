using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.V1;

/// <summary>
/// Signs a request in the way of API v1, with the key in the query, if access has decided that it is signed. Here a key of the caller's is removed and the
/// signature is attached to the request; <see cref="QuerySigningHandler"/> puts it into the address later, after everything that logs addresses.
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
