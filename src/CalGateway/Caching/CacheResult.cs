namespace CalGateway.Caching;

/// <summary>What the cache did for a request, as spans and metrics name it (in lower case).</summary>
internal enum CacheResult
{
    /// <summary>The route has no cache.</summary>
    None,
    Hit,
    Miss,

    /// <summary>Answered by the request of somebody else that was already under way.</summary>
    Collapsed,

    /// <summary>Not for the cache: another method, a single thing, a parameter that the policy does not know.</summary>
    Bypass,
}
