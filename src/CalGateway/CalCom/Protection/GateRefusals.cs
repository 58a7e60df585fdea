using CalGateway.CalCom.Admission;
using CalGateway.Problems;

namespace CalGateway.CalCom.Protection;

/// <summary>The refusals of circuit and bulkhead.</summary>
internal static class GateRefusals
{
    /// <summary>About as long as the requests ahead need.</summary>
    private static readonly TimeSpan RetryAfterWhenFull = TimeSpan.FromSeconds(2);

    /// <summary>For a full queue. One object for all requests, because there may be thousands.</summary>
    public static Refusal Full { get; } = new(
        ProblemTypes.CircuitOpen, "concurrency", RetryAfterWhenFull,
        "As many requests as CalGateway:Upstream:MaxConcurrency allows are at Cal.com already, and as many again wait. Nothing was sent.",
        "Ask again after Retry-After. If it stays, Cal.com is slow: see how long its answers take on the gateway's status page.");

    /// <summary>For an open circuit.</summary>
    /// <param name="wait">The time until the next probe.</param>
    public static Refusal Open(TimeSpan wait) => new(
        ProblemTypes.CircuitOpen, "circuit", wait, "Most of the latest requests to Cal.com failed, and it is given time to recover. Nothing was sent.",
        "Ask again after Retry-After; the gateway tries by itself whether Cal.com is back.");
}
