using CalGateway.Catalogue;
using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.Telemetry.Recent;

/// <summary>The last forty problems, the newest first.</summary>
internal sealed class RecentProblems(CalComCatalogue catalogue, TimeProvider clock)
{
    public const int MaxCount = 40;

    private readonly Lock _lock = new();
    private readonly List<RecentProblem> _problems = [];

    public IReadOnlyList<RecentProblem> All
    {
        get
        {
            lock (_lock)
                return [.. _problems];
        }
    }

    public void Add(GatewayCall call, string code)
    {
        var problem = new RecentProblem
        {
            Last = clock.GetUtcNow(),
            Count = 1,
            Code = code,
            Route = call.Plan?.RouteId,
            Request = RequestLabel.Of(catalogue, call),
            TraceId = call.TraceId,
            Revision = call.Revision,
            SentVersion = call.Problem?.SentVersion,
            SuggestedVersion = call.Problem?.SuggestedVersion,
            Consumer = call.Version.Consumer?.Consumer,
            Fingerprint = call.Signature?.Fingerprint,
            UpstreamAddresses = call.Plan?.UpstreamAddresses,
        };

        lock (_lock)
        {
            var same = _problems.FindIndex(other => IsSame(other, problem));
            if (same >= 0)
            {
                problem = problem with { Count = _problems[same].Count + 1 };
                _problems.RemoveAt(same);
            }
            else if (_problems.Count == MaxCount)
            {
                _problems.RemoveAt(MaxCount - 1);
            }

            _problems.Insert(0, problem);
        }
    }

    /// <summary>Requests without a route, and invalid ones, count as one problem whatever their paths: otherwise a scanner would push out all others.</summary>
    private static bool IsSame(RecentProblem one, RecentProblem other) =>
        one.Code == other.Code && one.Route == other.Route && one.Revision == other.Revision && one.Consumer == other.Consumer && one.Fingerprint == other.Fingerprint
        && (one.Request == other.Request || one.Code == ProblemTypes.NoRoute.Code || one.Code == ProblemTypes.InvalidRequest.Code);
}
