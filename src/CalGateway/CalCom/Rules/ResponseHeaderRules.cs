using System.Collections.Frozen;
using CalGateway.CalCom.Headers;
using CalGateway.Journey;

namespace CalGateway.CalCom.Rules;

/// <summary>The response headers that no transform may change, each with the reason and what to do instead. The methods return null for allowed headers.</summary>
internal static class ResponseHeaderRules
{
    private static readonly FrozenSet<string> OfCache =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Age", "ETag", "Vary", "Content-Encoding", "Content-Length");

    /// <summary>Headers that the gateway writes on routes to Cal.com and on routes with a cache.</summary>
    private static readonly FrozenSet<string> OfGateway =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, GatewayHeaders.CacheStatus, GatewayHeaders.ProxyStatus, "RateLimit", "RateLimit-Policy");

    public static string? WhyNotSet(string name, TransformRules.Scope scope) =>
        CallerHeaders.IsOfConnection(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            ? OfConnection(name)
            : Cookie(name, scope) ?? Own(name, scope) ?? Stored(name, scope);

    public static string? WhyNotRemoved(string name, TransformRules.Scope scope) => Own(name, scope) ?? Stored(name, scope);

    public static string? WhyNotLetThrough(string name, TransformRules.Scope scope)
    {
        if (CallerHeaders.IsOfConnection(name))
            return OfConnection(name);

        return scope.IsCalCom && ResponseHygieneTransform.IsDropped(name) && !name.StartsWith("CalGateway-", StringComparison.OrdinalIgnoreCase)
            ? $"\"{name}\" is never passed on from Cal.com: it would speak for the gateway. Leave it out; one of your own is set with ResponseHeader."
            : null;
    }

    private static string OfConnection(string name) => $"\"{name}\" belongs to one connection and is the server's to say (RFC 9110, section 7.6.1). Leave it out.";

    private static string? Cookie(string name, TransformRules.Scope scope) => scope.IsCalCom && name.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase)
        ? $"\"{name}\": answers of Cal.com's set no cookies. Remove this transform."
        : null;

    private static string? Own(string name, TransformRules.Scope scope)
    {
        if (name.StartsWith("CalGateway-", StringComparison.OrdinalIgnoreCase) || name.Equals(GatewayHeaders.RequestId, StringComparison.OrdinalIgnoreCase)
            || ((scope.IsCalCom || scope.IsCached) && OfGateway.Contains(name)))
        {
            return $"\"{name}\" is the gateway's own header, written after all transforms. Use another name.";
        }

        return scope.IsCalCom && name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
            ? $"\"{name}\": which web pages may ask is said in CalGateway:Access:Cors. Remove this transform."
            : null;
    }

    private static string? Stored(string name, TransformRules.Scope scope) => scope.IsCached && OfCache.Contains(name)
        ? $"\"{name}\" on a route with OutputCachePolicy is the cache's to say. Remove this transform, or use a route without a cache."
        : null;
}
