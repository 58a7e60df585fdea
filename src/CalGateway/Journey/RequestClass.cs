namespace CalGateway.Journey;

/// <summary>What a request to Cal.com is for, in the order of priority when there is not enough quota for all.</summary>
internal enum RequestClass
{
    /// <summary>A caller's write.</summary>
    Write,

    /// <summary>A read that a caller waits for.</summary>
    Read,

    /// <summary>A read that refreshes a stored answer while no caller waits.</summary>
    Refresh,

    /// <summary>
    /// A request of the gateway itself: a version confirmation, a shadow read, a rehearsal or a check of the doctor. It has the name that operators see in the setting
    /// <c>KeptFromCuriosity</c> and in metrics.
    /// </summary>
    Curiosity,
}
