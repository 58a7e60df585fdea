using CalGateway.CalCom.Admission;
using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.CalCom.Quota;

/// <summary>Makes the refusals for lack of quota.</summary>
internal static class QuotaRefusals
{
    private const string Remedy = "Ask again after the time that Retry-After gives. Lists that are cached are served in the meantime.";

    /// <param name="limit">How many requests the key has in each window.</param>
    /// <param name="left">How many of them are left in the current window.</param>
    /// <param name="wait">The time until the window ends.</param>
    public static Refusal Of(in UpstreamDemand demand, int limit, int left, TimeSpan wait) => new(ProblemTypes.QuotaExhausted, "quota", wait, Detail(demand, limit, left), Remedy);

    private static string Detail(in UpstreamDemand demand, int limit, int left) => left < 1
        ? $"Cal.com allows this key {limit} requests in each window, and none are left of this one. Nothing was sent."
        : $"Of the {limit} requests that Cal.com allows this key in each window {left} are left, and they are kept for {Others(demand)}. Nothing was sent.";

    private static string Others(in UpstreamDemand demand) => demand switch
    {
        { Class: RequestClass.Write } => "other consumers",
        { Consumer: null } => "writes",
        _ => "writes and other consumers",
    };
}
