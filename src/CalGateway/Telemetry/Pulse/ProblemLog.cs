using CalGateway.Catalogue;
using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.Telemetry.Pulse;

/// <summary>The last problems, the newest first. However many requests go wrong, and however differently, it stays as small.</summary>
internal sealed class ProblemLog(CalComCatalogue catalogue, TimeProvider clock)
{
    public const int Most = 40;

    private readonly Lock _lock = new();
    private readonly List<NotedProblem> _noted = [];

    public IReadOnlyList<NotedProblem> Noted
    {
        get
        {
            lock (_lock)
                return [.. _noted];
        }
    }

    public void Note(GatewayCall call, string code)
    {
        var problem = new NotedProblem
        {
            Last = clock.GetUtcNow(),
            Count = 1,
            Code = code,
            Route = call.Plan?.RouteId,
            Request = RequestLabel.Of(catalogue, call.Request.Method, call.Request.Path.Value ?? ""),
            TraceId = call.TraceId,
            Revision = call.Revision,
            SentVersion = call.Problem?.SentVersion,
            SuggestedVersion = call.Problem?.SuggestedVersion,
            Fingerprint = call.Signature?.Fingerprint,
        };

        lock (_lock)
        {
            var former = _noted.FindIndex(other => IsSame(other, problem));
            if (former >= 0)
            {
                problem = problem with { Count = _noted[former].Count + 1 };
                _noted.RemoveAt(former);
            }
            else if (_noted.Count == Most)
            {
                _noted.RemoveAt(Most - 1);
            }

            _noted.Insert(0, problem);
        }
    }

    /// <summary>What only its caller can mend is one line whatever path it was about: a scanner must not push out the rest.</summary>
    private static bool IsSame(NotedProblem one, NotedProblem other) =>
        one.Code == other.Code && one.Route == other.Route && one.Revision == other.Revision && one.Fingerprint == other.Fingerprint
        && (one.Request == other.Request || one.Code == ProblemTypes.NoRoute.Code || one.Code == ProblemTypes.InvalidRequest.Code);
}
