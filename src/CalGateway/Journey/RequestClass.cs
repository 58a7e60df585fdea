namespace CalGateway.Journey;

/// <summary>What a request to Cal.com is for. Where there is not enough for all, the first of these comes first.</summary>
internal enum RequestClass
{
    /// <summary>A caller's write.</summary>
    Write,

    /// <summary>A read that a caller waits for.</summary>
    Read,

    /// <summary>A read that renews a stored answer while nobody waits.</summary>
    Refresh,

    /// <summary>A request of the gateway's own: a confirmation, a check of doctor's.</summary>
    Curiosity,
}
