using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota;

namespace CalGateway.Doctor;

/// <summary>How fast the doctor may ask: the key's 120 requests a minute belong to the callers of a gateway that may be running.</summary>
internal static class Pace
{
    private const int Plenty = 60;

    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(75);

    /// <summary>The pause before the next request.</summary>
    /// <param name="upstream">On this machine, nobody's quota is at stake.</param>
    /// <param name="remaining">What is left of the quota, as far as it was told.</param>
    public static TimeSpan Pause(Uri upstream, int? remaining) => upstream.IsLoopback ? TimeSpan.Zero : remaining < Plenty ? Slow : Quick;

    /// <summary>Why no more is to be asked; null where more may.</summary>
    public static string? ReasonToStop(ProbeAnswer last, int timeouts) => last switch
    {
        { Status: StatusCodes.Status429TooManyRequests, RetryAfter: { } wait } => $"the quota of the key is used up; Cal.com asks to wait {wait.TotalSeconds:0} s",
        { Status: StatusCodes.Status429TooManyRequests } => "the quota of the key is used up",
        { Remaining: { } left and <= QuotaBook.Reserve } => $"only {left} requests are left of the key's quota, and those are for the callers",
        _ => timeouts >= 2 ? "Cal.com hangs" : null,
    };
}
