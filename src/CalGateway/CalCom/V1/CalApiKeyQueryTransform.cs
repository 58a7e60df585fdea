using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.V1;

/// <summary>
/// Has a request signed, as access has decided, in the way of API v1: with the key in the query. Only the intention is noted here, and a key of the
/// caller's taken out; the key itself joins the address in <see cref="QuerySigningHandler"/>, after everything that logs it.
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

    /// <summary>Also as <c>apiKey[]</c>, which some readers take for the same.</summary>
    private bool IsKey(string name) =>
        name.StartsWith(parameter, StringComparison.OrdinalIgnoreCase) && (name.Length == parameter.Length || name[parameter.Length] == '[');
}
