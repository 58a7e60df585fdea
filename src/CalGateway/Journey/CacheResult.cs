namespace CalGateway.Journey;

/// <summary>What the cache did for a request, as spans and metrics name it (in lower case).</summary>
internal enum CacheResult
{
    /// <summary>The route has no cache.</summary>
    None,
    Hit,

    /// <summary>Answered with what was stored and is no longer fresh.</summary>
    Stale,
    Miss,

    /// <summary>Answered by the request of somebody else that was already under way.</summary>
    Collapsed,

    /// <summary>A refusal or failure that was met a moment ago is given again: nothing was sent, and nothing was under way.</summary>
    Remembered,

    /// <summary>Not for the cache: another method, a single thing, a parameter that the policy does not know.</summary>
    Bypass,
}
