using CalGateway.Problems;

namespace CalGateway.CalCom.Admission;

/// <summary>Why a request was not admitted. Nothing was sent, and it does not count as a failure of Cal.com.</summary>
/// <param name="Type">The type of the problem that the caller gets; its status is 503.</param>
/// <param name="Reason">What refused it, in a word for spans: <c>quota</c>, <c>circuit</c> or <c>concurrency</c>.</param>
/// <param name="RetryAfter">The time after which the request may be admitted.</param>
/// <param name="Detail">The reason, as the caller is told it.</param>
/// <param name="Remedy">What the caller can do.</param>
internal sealed record Refusal(ProblemType Type, string Reason, TimeSpan RetryAfter, string Detail, string Remedy)
{
    public GatewayProblem ToProblem() => GatewayProblem.Of(Type, Detail, Remedy) with { RetryAfter = RetryAfter };
}
