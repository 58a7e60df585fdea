using CalGateway.CalCom.Admission;
using CalGateway.Problems;

namespace CalGateway.CalCom.Protection;

/// <summary>What callers are told who find the way to Cal.com shut, or crowded.</summary>
internal static class GateRefusals
{
    /// <summary>Those ahead need about as long.</summary>
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(2);

    /// <summary>The same for everybody: there may be thousands.</summary>
    public static Refusal Full { get; } = new(
        ProblemTypes.CircuitOpen, "concurrency", WhenFull,
        "As many requests as CalGateway:Upstream:MaxConcurrency allows are at Cal.com already, and as many again wait. Nothing was sent.",
        "Ask again after Retry-After. If it stays, Cal.com is slow: see how long its answers take on the gateway's status page.");

    /// <param name="wait">Until the gateway tries whether Cal.com is back.</param>
    public static Refusal Open(TimeSpan wait) => new(
        ProblemTypes.CircuitOpen, "circuit", wait, "Most of the latest requests to Cal.com failed, and it is given time to recover. Nothing was sent.",
        "Ask again after Retry-After; the gateway tries by itself whether Cal.com is back.");
}
