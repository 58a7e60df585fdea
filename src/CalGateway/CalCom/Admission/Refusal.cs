using CalGateway.Problems;

namespace CalGateway.CalCom.Admission;

/// <summary>A request was not let through to Cal.com: nothing was sent, and Cal.com has not failed.</summary>
/// <param name="Type">As which problem the caller is told; of status 503.</param>
/// <param name="Reason">What refused it, in a word for spans: <c>quota</c>, <c>circuit</c> or <c>concurrency</c>.</param>
/// <param name="RetryAfter">When it may be let through.</param>
/// <param name="Detail">Why not, for the caller.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record Refusal(ProblemType Type, string Reason, TimeSpan RetryAfter, string Detail, string Remedy)
{
    public GatewayProblem ToProblem() => GatewayProblem.Of(Type, Detail, Remedy) with { RetryAfter = RetryAfter };
}
