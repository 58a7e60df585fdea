using System.Collections.Concurrent;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Problems;

namespace CalGateway.Diagnosis.NotFound;

/// <summary>
/// Remembers route misses for ten seconds and answers the same request from memory. Clients retry a 502, and retries of a wrong version must not use up the
/// 120 requests a minute of the key. A new revision has new plans, so its requests match nothing remembered.
/// </summary>
internal sealed class RouteMissMemory(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>The limit of remembered misses; a scan of random paths reaches it.</summary>
    private const int MaxMisses = 256;

    private readonly ConcurrentDictionary<Miss, Diagnosed> _misses = new();

    /// <summary>Lets the usual case, no miss at all, skip the dictionary. Its IsEmpty takes all locks when it is empty.</summary>
    private volatile bool _isUsed;

    public void Add(HttpContext context, GatewayProblem problem)
    {
        if (GatewayCall.Of(context).Plan is not { } plan)
            return;

        if (_misses.Count >= MaxMisses)
            _misses.Clear();
        _isUsed = true;
        _misses[Miss.Of(plan, context)] = new Diagnosed(problem, clock.GetTimestamp());
    }

    public GatewayProblem? Find(HttpContext context)
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

    /// <summary>A route miss depends on method, path and version only. The plan has the version, unless another one replaces its pin.</summary>
    private readonly record struct Miss(RoutePlan Plan, string Method, string Path, string? InPlaceOfPin)
    {
        public static Miss Of(RoutePlan plan, HttpContext context) =>
            new(plan, context.Request.Method, context.Request.Path.Value ?? "", GatewayCall.Of(context).Version.InPlaceOfPin);
    }

    private sealed record Diagnosed(GatewayProblem Problem, long At);
}
