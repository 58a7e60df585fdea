using CalGateway.CalCom.Headers;
using CalGateway.CalCom.V1;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Rules;

/// <summary>
/// Refuses transforms that would have no effect, because a rule that keeps the gateway safe overrides them, or because answers for the cache are fetched without a
/// caller. Each refusal says what to do instead. Nothing is accepted and ignored.
/// </summary>
internal static class TransformRules
{
    public static IEnumerable<Finding> Examine(RouteConfig route)
    {
        var scope = Scope.Of(route);
        for (var index = 0; index < route.Transforms?.Count; index++)
        {
            var transform = route.Transforms[index];
            foreach (var reason in Headers(transform, scope).Concat(Other(transform, scope)).Distinct())
                yield return Finding.Error($"Route \"{route.RouteId}\": {reason}", $"ReverseProxy:Routes:{route.RouteId}:Transforms:{index}");
        }
    }

    private static IEnumerable<string> Headers(IReadOnlyDictionary<string, string> transform, Scope scope)
    {
        IEnumerable<string?> reasons =
        [
            .. Names(transform, "RequestHeader", "RequestHeaderRouteValue", "ClientCert").Select(name => RequestHeaderRules.WhyNotSet(name, scope)),
            .. Names(transform, "RequestHeaderRemove").Select(name => RequestHeaderRules.WhyNotRemoved(name, scope)),
            .. Listed(transform, "RequestHeadersAllowed").Select(name => RequestHeaderRules.WhyNotLetThrough(name, scope)),
            .. Names(transform, "ResponseHeader", "ResponseTrailer").Select(name => ResponseHeaderRules.WhyNotSet(name, scope)),
            .. Names(transform, "ResponseHeaderRemove").Select(name => ResponseHeaderRules.WhyNotRemoved(name, scope)),
            .. Listed(transform, "ResponseHeadersAllowed").Select(name => ResponseHeaderRules.WhyNotLetThrough(name, scope)),
            .. Listed(transform, "ResponseTrailersAllowed").Select(name => ResponseHeaderRules.WhyNotLetThrough(name, scope)),
        ];
        return reasons.OfType<string>();
    }

    private static IEnumerable<string> Other(IReadOnlyDictionary<string, string> transform, Scope scope)
    {
        if (scope.QueryKey is { } parameter && Names(transform, "QueryValueParameter", "QueryRouteParameter", "QueryRemoveParameter").Any(name => name.Equals(parameter, StringComparison.OrdinalIgnoreCase)))
            yield return $"CalApiKeyQuery says what the query parameter \"{parameter}\" holds, and no other transform can change it. Remove this one.";

        if (scope.IsCalCom && transform.ContainsKey("HttpMethodChange") && IsMethod(transform.GetValueOrDefault("Set"), "TRACE", "CONNECT", "TRACK", "OPTIONS"))
            yield return $"\"HttpMethodChange\" to {transform["Set"]}: the gateway never forwards that method to Cal.com. Use GET, HEAD, POST, PUT, PATCH or DELETE.";

        if (!scope.IsCached)
            yield break;

        const string instead = "Give what needs it a route of its own without OutputCachePolicy.";
        if (IsMethod(transform.GetValueOrDefault("HttpMethodChange"), "GET", "HEAD"))
            yield return $"\"HttpMethodChange\" of {transform["HttpMethodChange"]} on a route with OutputCachePolicy: only the answer to a GET is ever stored. {instead}";
        if (NamesTheCaller(transform) is { } key)
            yield return $"\"{key}\" on a route with OutputCachePolicy: a stored answer is asked for on nobody's behalf, so that there is no caller to tell of. {instead}";
        if (IsTrue(transform, "RequestHeadersCopy"))
            yield return "\"RequestHeadersCopy\": \"true\" on a route with OutputCachePolicy: a stored answer is asked for on nobody's behalf. Name the headers that an answer may depend on in RequestHeadersAllowed; requests with one go around the cache.";
        if (transform.Keys.FirstOrDefault(name => name.StartsWith("ResponseTrailer", StringComparison.OrdinalIgnoreCase)) is { } trailer && !IsFalse(transform, "ResponseTrailersCopy"))
            yield return $"\"{trailer}\" on a route with OutputCachePolicy: a stored answer has no trailers. Use ResponseHeader.";
    }

    private static string? NamesTheCaller(IReadOnlyDictionary<string, string> transform)
    {
        if (transform.ContainsKey("ClientCert"))
            return "ClientCert";
        if (IsTrue(transform, "RequestHeaderOriginalHost"))
            return "RequestHeaderOriginalHost";
        if (transform.ContainsKey("Forwarded"))
            return IsSending(transform.GetValueOrDefault("Action") ?? "Set") ? "Forwarded" : null;

        return transform.TryGetValue("X-Forwarded", out var usual) && CallerHeaders.ForwardedParts.Any(part => IsSending(transform.GetValueOrDefault(part) ?? usual))
            ? "X-Forwarded"
            : null;
    }

    private static bool IsSending(string action) => IsMethod(action, "Set", "Append");

    private static bool IsMethod(string? value, params string[] words) => words.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static bool IsTrue(IReadOnlyDictionary<string, string> transform, string key) => bool.TryParse(transform.GetValueOrDefault(key), out var isOn) && isOn;

    private static bool IsFalse(IReadOnlyDictionary<string, string> transform, string key) => bool.TryParse(transform.GetValueOrDefault(key), out var isOn) && !isOn;

    private static IEnumerable<string> Names(IReadOnlyDictionary<string, string> transform, params string[] keys) =>
        keys.Select(transform.GetValueOrDefault).OfType<string>();

    private static string[] Listed(IReadOnlyDictionary<string, string> transform, string key) => transform.GetValueOrDefault(key)?.Split(';') ?? [];

    /// <param name="IsCalCom">True if the route goes to Cal.com.</param>
    /// <param name="Pin">The transform that pins the version, as it is written; null for none.</param>
    /// <param name="QueryKey">The name of the query parameter that the key is sent in; null for none.</param>
    /// <param name="Signer">The transform that signs requests, as it is written; null for none.</param>
    /// <param name="IsCached">True if answers of the route are stored.</param>
    internal sealed record Scope(bool IsCalCom, string? Pin, string? QueryKey, string? Signer, bool IsCached)
    {
        public static Scope Of(RouteConfig route)
        {
            var pin = ApiVersionPin.Of(route) is { } found ? $"{{ \"CalApiVersion\": \"{found.Version}\" }}" : null;
            var key = route.Transforms?.Select(transform => transform.GetValueOrDefault(CalApiKeyQueryTransformFactory.Key)).FirstOrDefault(name => name is not null);
            var whose = route.Transforms?.Select(transform => transform.GetValueOrDefault("CalCredential")).FirstOrDefault(value => value is not null);
            var signer = whose is not null ? $"{{ \"CalCredential\": \"{whose}\" }}" : pin ?? (key is null ? null : $"{{ \"CalApiKeyQuery\": \"{key}\" }}");
            return new Scope(CalComCluster.IsTargetOf(route), pin, key, signer, route.OutputCachePolicy is { Length: > 0 });
        }
    }
}
