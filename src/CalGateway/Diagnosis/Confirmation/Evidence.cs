using CalGateway.Catalogue;
using CalGateway.Problems;

namespace CalGateway.Diagnosis.Confirmation;

/// <summary>What Cal.com itself answered for one operation at the versions that it was not asked at.</summary>
/// <param name="Operation">The first that missed on its route.</param>
/// <param name="Statuses">By version, the newest first; each that is known but the one that missed.</param>
/// <param name="Answered">The versions at which the route is there, whatever its status.</param>
internal sealed record Evidence(Operation Operation, IReadOnlyDictionary<string, int> Statuses, IReadOnlyList<string> Answered)
{
    /// <summary>The problem with what was seen in it; it says so where the catalogue was wrong. What is suggested stays as it is.</summary>
    public GatewayProblem AddTo(GatewayProblem problem, DateOnly catalogue) => problem with
    {
        Confirmed = Statuses,
        Detail = Contradicts()
            ? $"{problem.Detail} Asked live, {(Answered.Count == 0 ? "Cal.com answers at none of the versions" : $"Cal.com answers at {Sentence.List(Answered)}")}: " +
              $"this gateway's catalogue of {catalogue:yyyy-MM-dd} is out of date."
            : problem.Detail,
    };

    /// <summary>A version that only api.cal.com knows may be missing elsewhere; that is no news.</summary>
    private bool Contradicts() => Statuses.Keys.Any(version => Answered.Contains(version)
        ? !Operation.Answers(version)
        : Operation.Versions.Contains(version) && !Operation.HostedOnlyVersions.Contains(version));
}
