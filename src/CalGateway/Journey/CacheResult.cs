namespace CalGateway.Journey;

/// <summary>What the cache did for a request. Spans and metrics use the names in lower case.</summary>
internal enum CacheResult
{
    /// <summary>The route has no cache.</summary>
    None,
    Hit,

    /// <summary>Answered with a stored answer that is no longer fresh.</summary>
    Stale,
    Miss,

    /// <summary>Waited for the fill of an earlier request, and got its answer.</summary>
    Collapsed,

    /// <summary>Answered with a refusal or failure of a moment ago. Nothing was sent to Cal.com.</summary>
    Remembered,

    /// <summary>Forwarded without the cache: another method, a single resource, or a parameter that the policy does not know.</summary>
    Bypass,
}
