using CalGateway.Catalogue;
using CalGateway.Problems;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>What Cal.com itself answered for one operation at the versions other than the one that missed.</summary>
/// <param name="Operation">The first operation that missed on its route.</param>
/// <param name="Statuses">The status for each other known version, the newest first.</param>
/// <param name="Answered">The versions at which the route exists, whatever the status.</param>
internal sealed record ConfirmedVersions(Operation Operation, IReadOnlyDictionary<string, int> Statuses, IReadOnlyList<string> Answered)
{
    /// <summary>Adds the statuses to the problem and says where they contradict the catalogue. The suggested version stays the same.</summary>
    public GatewayProblem AddTo(GatewayProblem problem, DateOnly catalogue) => problem with
    {
        Confirmed = Statuses,
        Detail = Contradicts()
            ? $"{problem.Detail} Asked live, {(Answered.Count == 0 ? "Cal.com answers at none of the versions" : $"Cal.com answers at {Sentence.List(Answered)}")}: " +
              $"this gateway's catalogue of {catalogue:yyyy-MM-dd} is out of date."
            : problem.Detail,
    };

    /// <summary>A version that only api.cal.com has may be missing on other servers; that is no contradiction.</summary>
    private bool Contradicts() => Statuses.Keys.Any(version => Answered.Contains(version)
        ? !Operation.Answers(version)
        : Operation.Versions.Contains(version) && !Operation.HostedOnlyVersions.Contains(version));
}
