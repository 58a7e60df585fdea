using CalGateway.Caching.Store;
using CalGateway.CalCom.Headers;
using CalGateway.Journey.Routes;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary>The cache of one route in one revision: everything that can be decided before a request comes.</summary>
/// <param name="identity">The <see cref="RouteIdentity"/>.</param>
internal sealed class CachePlan(RouteConfig route, string identity, string name, CachePolicyOptions policy, CacheOptions limits)
{
    private readonly CacheKey _key = new($"{route.RouteId} {identity}", policy.Query ?? CachePolicyDefaults.QueryOf(name));
    private readonly string? _catchAll = RoutePatternFactory.Parse(route.Match.Path ?? "/").Parameters.FirstOrDefault(parameter => parameter.IsCatchAll)?.Name;
    private readonly ServingWindows _windows = ServingWindows.Of(policy);
    private readonly ServingWindows _windowsOfEmpty = ServingWindows.OfEmpty(policy);

    public string Policy { get; } = name;

    /// <summary>The name of the upstream in texts for people.</summary>
    public string UpstreamName { get; } = CalComCluster.NameOf(route);

    public CacheOptions Limits { get; } = limits;

    /// <summary>The route's header transforms, which are applied when an answer is stored.</summary>
    public HeaderEdits Edits { get; } = new(route);

    /// <summary>Callers' headers that the route forwards besides the usual ones. An answer may depend on them, so a request with one is not cached.</summary>
    public IReadOnlyList<string> LetThrough { get; } = CalComCluster.IsTargetOf(route) ? CallerHeaders.BeyondUsual(route) : [];

    public string[] Tags { get; } = policy.Tags ?? [name];

    /// <summary>Null for a route without <c>OutputCachePolicy</c>.</summary>
    public static CachePlan? From(RouteConfig route, string identity, CacheOptions options) =>
        route.OutputCachePolicy is { Length: > 0 } name && options.Find(name) is { } policy ? new CachePlan(route, identity, name, policy, options) : null;

    /// <summary>How long a caller waits for a newer answer before it is sent a stale one: as the settings say, but within the timeout of the route.</summary>
    public TimeSpan PatienceWithin(TimeSpan? timeout) => timeout is { } max && max * 0.8 < Limits.Patience ? max * 0.8 : Limits.Patience;

    /// <summary>The windows for an answer. An edit of the windows applies to answers that are already stored.</summary>
    public ServingWindows WindowsOf(bool isEmpty) => isEmpty ? _windowsOfEmpty : _windows;

    public bool Owns(StoredAnswer answer) => _key.IsOf(answer.Key);

    /// <summary>The key of the answer, or why the request bypasses the cache.</summary>
    /// <param name="partition">Who may share the answer.</param>
    /// <param name="inPlaceOfPin">The version that is sent in place of the pin; null for the pin, which is part of the key's prefix.</param>
    public (string? Key, string? Bypass) Examine(HttpRequest request, string partition, string? inPlaceOfPin)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return (null, "method");

        // A path behind the list's is a single thing, or an action on one.
        if (_catchAll is not null && request.RouteValues[_catchAll] is string { Length: > 0 })
            return (null, "not-the-list");

        foreach (var name in LetThrough)
        {
            if (request.Headers.ContainsKey(name))
                return (null, "header");
        }

        var key = _key.For(request, inPlaceOfPin is null ? partition : $"{partition}@{inPlaceOfPin}");
        return (key, key is null ? "query" : null);
    }
}
