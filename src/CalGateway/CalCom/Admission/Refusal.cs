using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.CalCom.Admission;

/// <summary>Why a request was not admitted. Nothing was sent, and it does not count as a failure of Cal.com.</summary>
/// <param name="Type">The type of the problem that the caller gets; its status is 503.</param>
/// <param name="Reason">What refused it, in a word for spans: <c>quota</c>, <c>circuit</c> or <c>concurrency</c>.</param>
/// <param name="RetryAfter">The time after which the request may be admitted.</param>
internal sealed record Refusal(ProblemType Type, string Reason, TimeSpan RetryAfter, string Detail, string Remedy)
{
    /// <summary>For a full queue. One object for all requests, because there may be thousands. The wait is about as long as the requests ahead need.</summary>
    public static readonly Refusal Full = new(
        ProblemTypes.CircuitOpen, "concurrency", TimeSpan.FromSeconds(2),
        "As many requests as CalGateway:Upstream:MaxConcurrency allows are at Cal.com already, and as many again wait. Nothing was sent.",
        "Ask again after Retry-After. If it stays, Cal.com is slow: see how long its answers take on the gateway's status page.");

    /// <param name="wait">The time until the next probe.</param>
    public static Refusal CircuitOpen(TimeSpan wait) => new(
        ProblemTypes.CircuitOpen, "circuit", wait, "Most of the latest requests to Cal.com failed, and it is given time to recover. Nothing was sent.",
        "Ask again after Retry-After; the gateway tries by itself whether Cal.com is back.");

    /// <param name="limit">How many requests the key has in each window.</param>
    /// <param name="left">How many of them are left in the current window.</param>
    /// <param name="wait">The time until the window ends.</param>
    public static Refusal NoQuota(in UpstreamDemand demand, int limit, int left, TimeSpan wait) => new(
        ProblemTypes.QuotaExhausted, "quota", wait,
        left < 1
            ? $"Cal.com allows this key {limit} requests in each window, and none are left of this one. Nothing was sent."
            : $"Of the {limit} requests that Cal.com allows this key in each window {left} are left, and they are kept for {OthersThan(demand)}. Nothing was sent.",
        "Ask again after the time that Retry-After gives. Lists that are cached are served in the meantime.");

    public GatewayProblem ToProblem() => GatewayProblem.Of(Type, Detail, Remedy) with { RetryAfter = RetryAfter };

    private static string OthersThan(in UpstreamDemand demand) => demand switch
    {
        { Class: RequestClass.Write } => "other consumers",
        { Consumer: null } => "writes",
        _ => "writes and other consumers",
    };
}
