using CalGateway.CalCom;
using CalGateway.Envelope;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.Caching;

/// <summary>
/// The cache of one route in one revision, as an output cache policy that the framework's middleware finds on the endpoint.
/// It is a policy written whole, not added to the default one, which stores nothing for signed requests or answers with cookies.
/// </summary>
internal sealed class CachePlan : IOutputCachePolicy
{
    private readonly TimeSpan _fresh;
    private readonly CacheKey _key;
    private readonly string _tag;
    private readonly string? _catchAll;

    private CachePlan(string name, CachePolicyOptions options, string keyPrefix, string? catchAll)
    {
        _fresh = options.Fresh;
        _key = new CacheKey(keyPrefix, options.Query ?? []);
        _tag = name;
        _catchAll = catchAll;
    }

    /// <summary>Null for a route without <c>OutputCachePolicy</c>.</summary>
    public static CachePlan? From(RouteConfig route, string revision, CacheOptions options)
    {
        if (route.OutputCachePolicy is not { Length: > 0 } name || options.Find(name) is not { } policy)
            return null;

        // Revision and pin are in the key: an edit can never be answered from before it.
        var prefix = $"{revision} {route.RouteId} {CalApiVersionTransformFactory.PinOf(route)?.Version}";
        var catchAll = RoutePatternFactory.Parse(route.Match.Path ?? "/").Parameters.FirstOrDefault(parameter => parameter.IsCatchAll)?.Name;
        return new CachePlan(name, policy, prefix, catchAll);
    }

    ValueTask IOutputCachePolicy.CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        var call = GatewayCall.Of(http);

        var key = default(string);
        var detail = DetailOfBypass(http);
        if (detail is null && (key = _key.For(http.Request, call.Caller!.Partition)) is null)
            detail = "unknown-query-parameter";

        if (detail is not null)
        {
            call.Cache = CacheResult.Bypass;
            call.CacheStatus = CacheStatus.Bypass(detail);
            context.EnableOutputCaching = false;
            return ValueTask.CompletedTask;
        }

        call.Cache = CacheResult.Miss;
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = true;
        context.AllowCacheStorage = true;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = _fresh;
        context.Tags.Add(_tag);
        context.CacheVaryByRules.CacheKeyPrefix = key;
        context.CacheVaryByRules.VaryByHost = false;
        return ValueTask.CompletedTask;
    }

    ValueTask IOutputCachePolicy.ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        GatewayCall.Of(context.HttpContext).Cache = CacheResult.Hit;
        return ValueTask.CompletedTask;
    }

    ValueTask IOutputCachePolicy.ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        // Runs when the body has gone through: a truncated answer is known as such by now.
        context.AllowCacheStorage = IsStorable(context.HttpContext);
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes <c>Cache-Status</c> when the headers are about to leave, which is when it is known what happened.</summary>
    public void WriteStatus(GatewayCall call, HttpResponse response)
    {
        var storedAt = StoredAt.Take(response.Headers);
        if (call.Cache == CacheResult.Hit && storedAt >= call.Started)
            call.Cache = CacheResult.Collapsed; // younger than the request: made by somebody else's, which it waited for

        response.Headers[GatewayHeaders.CacheStatus] = call.Cache switch
        {
            CacheResult.Hit => CacheStatus.Hit(_fresh - (call.Started - storedAt)),
            CacheResult.Collapsed => CacheStatus.Collapsed,
            CacheResult.Miss => IsStorable(response.HttpContext) ? CacheStatus.Stored : CacheStatus.Forwarded,
            _ => call.CacheStatus,
        };
    }

    /// <summary>Only a complete 200 in JSON is stored; everything else is somebody's error or somebody's redirect.</summary>
    public static bool IsStorable(HttpContext http) =>
        http.Response.StatusCode == StatusCodes.Status200OK
        && http.Response.ContentType is { } type && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        && http.Features.Get<IForwarderErrorFeature>() is null
        && !GatewayCall.Of(http).IsLegacyShape;

    private string? DetailOfBypass(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            return "method";

        // What the catch-all holds is behind the list: a single thing, or an action on it.
        return _catchAll is not null && http.Request.RouteValues[_catchAll] is string { Length: > 0 } ? "not-the-list" : null;
    }
}
