namespace CalGateway.Doctor;

/// <summary>
/// How fast the doctor may send requests, and when it must stop: the key's quota (120 requests a minute) is shared with a gateway that may be running.
/// </summary>
internal static class RequestPacing
{
    /// <summary>Below this many remaining requests the doctor slows down.</summary>
    private const int LowQuota = 60;

    private static readonly TimeSpan LongDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortDelay = TimeSpan.FromMilliseconds(75);

    /// <summary>The delay before the next request. None for an upstream on this machine.</summary>
    /// <param name="remaining">What is left of the quota; null where Cal.com has not said.</param>
    public static TimeSpan Delay(Uri upstream, int? remaining) => upstream.IsLoopback ? TimeSpan.Zero : remaining < LowQuota ? LongDelay : ShortDelay;

    /// <summary>Why no more requests may be sent; null where they may.</summary>
    public static string? ReasonToStop(ProbeAnswer last, int timeouts) => last switch
    {
        { Status: StatusCodes.Status429TooManyRequests, RetryAfter: { } wait } => $"the quota of the key is used up; Cal.com asks to wait {wait.TotalSeconds:0} s",
        { Status: StatusCodes.Status429TooManyRequests } => "the quota of the key is used up",
        _ => timeouts >= 2 ? "Cal.com hangs" : null,
    };
}
