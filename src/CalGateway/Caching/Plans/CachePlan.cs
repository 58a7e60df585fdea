using CalGateway.Caching.Store;
using CalGateway.CalCom.Headers;
using CalGateway.Journey.Routes;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary>The cache of one route in one revision: everything that can be decided before a request comes.</summary>
internal sealed class CachePlan
{
    private readonly CacheKey _key;
    private readonly string? _catchAll;
    private readonly ServingWindows _windows;
    private readonly ServingWindows _windowsOfEmpty;

    private CachePlan(RouteConfig route, string name, CachePolicyOptions policy, CacheOptions limits, string keyPrefix, string? catchAll)
    {
        Edits = HeaderEdits.Of(route);
        LetThrough = CalComCluster.IsTargetOf(route) ? CallerHeaders.BeyondUsual(route) : [];
        Policy = name;
        UpstreamName = CalComCluster.NameOf(route);
        Limits = limits;
        Tags = policy.Tags ?? [name];
        _windows = ServingWindows.Of(policy);
        _windowsOfEmpty = ServingWindows.OfEmpty(policy);
        _key = new CacheKey(keyPrefix, policy.Query ?? CachePolicyDefaults.QueryOf(name));
        _catchAll = catchAll;
    }

    public string Policy { get; }

    /// <summary>The name of the upstream in texts for people.</summary>
    public string UpstreamName { get; }

    public CacheOptions Limits { get; }

    /// <summary>The route's header transforms, which are applied when an answer is stored.</summary>
    public HeaderEdits Edits { get; }

    /// <summary>Callers' headers that the route forwards besides the usual ones. An answer may depend on them, so a request with one is not cached.</summary>
    public IReadOnlyList<string> LetThrough { get; }

    public string[] Tags { get; }

    /// <summary>Null for a route without <c>OutputCachePolicy</c>.</summary>
    public static CachePlan? From(RouteConfig route, string identity, CacheOptions options)
    {
        if (route.OutputCachePolicy is not { Length: > 0 } name || options.Find(name) is not { } policy)
            return null;

        var catchAll = RoutePatternFactory.Parse(route.Match.Path ?? "/").Parameters.FirstOrDefault(parameter => parameter.IsCatchAll)?.Name;
        return new CachePlan(route, name, policy, options, $"{route.RouteId} {identity}", catchAll);
    }

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
