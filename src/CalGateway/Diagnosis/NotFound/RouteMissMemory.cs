using System.Collections.Concurrent;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Problems;

namespace CalGateway.Diagnosis.NotFound;

/// <summary>
/// Route misses that were just diagnosed. Clients retry a 502, and a wrong version must not spend the 120 requests a minute
/// that the key has: the same request is answered from here for a short while. A new revision has new plans, and so forgets.
/// </summary>
internal sealed class RouteMissMemory(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>A scan of made-up paths fills no more than this.</summary>
    private const int Most = 256;

    private readonly ConcurrentDictionary<Miss, Diagnosed> _misses = new();

    /// <summary>Whether there was ever a miss: mostly not, and to ask a concurrent dictionary whether it is empty takes all of its locks if it is.</summary>
    private volatile bool _isUsed;

    public void Remember(HttpContext context, GatewayProblem problem)
    {
        if (GatewayCall.Of(context).Plan is not { } plan)
            return;

        if (_misses.Count >= Most)
            _misses.Clear();
        _isUsed = true;
        _misses[Miss.Of(plan, context)] = new Diagnosed(problem, clock.GetTimestamp());
    }

    public GatewayProblem? Recall(HttpContext context)
    {
        if (!_isUsed || GatewayCall.Of(context).Plan is not { } plan)
            return null;

        var miss = Miss.Of(plan, context);
        if (!_misses.TryGetValue(miss, out var diagnosed))
            return null;

        if (clock.GetElapsedTime(diagnosed.At) < Lifetime)
            return diagnosed.Problem;

        _misses.TryRemove(miss, out _);
        return null;
    }

    /// <summary>A route miss depends on method, path and version alone, and the plan has the version unless another takes the place of its pin.</summary>
    private readonly record struct Miss(RoutePlan Plan, string Method, string Path, string? InPlaceOfPin)
    {
        public static Miss Of(RoutePlan plan, HttpContext context) =>
            new(plan, context.Request.Method, context.Request.Path.Value ?? "", GatewayCall.Of(context).Version.InPlaceOfPin);
    }

    private sealed record Diagnosed(GatewayProblem Problem, long At);
}
