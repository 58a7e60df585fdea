using CalGateway.Caching.Store;
using CalGateway.CalCom.Headers;
using CalGateway.Journey.Routes;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary>The cache of one route in one revision: what can be decided before a request comes.</summary>
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

    /// <summary>The policy's name.</summary>
    public string Policy { get; }

    /// <summary>How the one that is asked is called in what people read.</summary>
    public string UpstreamName { get; }

    public CacheOptions Limits { get; }

    /// <summary>The route's header transforms, which are applied when an answer is stored.</summary>
    public HeaderEdits Edits { get; }

    /// <summary>Callers' headers that the file lets through beyond the usual ones. An answer may depend on them, so a request with one is not cached.</summary>
    public IReadOnlyList<string> LetThrough { get; }

    public string[] Tags { get; }

    /// <summary>Null for a route without <c>OutputCachePolicy</c>.</summary>
    /// <param name="route">As YARP read it.</param>
    /// <param name="identity">The route's <see cref="RouteIdentity"/>.</param>
    /// <param name="options">Where the name is looked up.</param>
    public static CachePlan? From(RouteConfig route, string identity, CacheOptions options)
    {
        if (route.OutputCachePolicy is not { Length: > 0 } name || options.Find(name) is not { } policy)
            return null;

        var catchAll = RoutePatternFactory.Parse(route.Match.Path ?? "/").Parameters.FirstOrDefault(parameter => parameter.IsCatchAll)?.Name;
        return new CachePlan(route, name, policy, options, $"{route.RouteId} {identity}", catchAll);
    }

    /// <summary>How long a caller waits for a newer answer where a stale one could be given: it is better than none at the end of the route's time.</summary>
    /// <param name="timeout">The route's; null for none.</param>
    public TimeSpan PatienceWithin(TimeSpan? timeout) => timeout is { } most && most * 0.8 < Limits.Patience ? most * 0.8 : Limits.Patience;

    /// <summary>The windows for an answer, whenever it was stored: an edit of them counts for what is stored already.</summary>
    public ServingWindows WindowsOf(bool isEmpty) => isEmpty ? _windowsOfEmpty : _windows;

    /// <summary>Whether an answer was stored under this plan.</summary>
    public bool Owns(StoredAnswer answer) => _key.IsOf(answer.Key);

    /// <summary>The key under which a request's answer is stored, or why it has none.</summary>
    /// <param name="request">The caller's.</param>
    /// <param name="partition">Who may share the answer.</param>
    /// <param name="inPlaceOfPin">The version that is sent in place of the pin, which the key's beginning has; null for the pin.</param>
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
