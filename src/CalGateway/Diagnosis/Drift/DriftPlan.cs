using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// Chooses which answers of one route of one revision are examined: the first 64 of each read and version, then two a second. All other answers cost one
/// look-up and one comparison.
/// </summary>
internal sealed class DriftPlan(string setup)
{
    private const int MaxReads = 300;

    private readonly ConcurrentDictionary<(Operation Operation, string Version), AnswerSampler> _samplers = [];

    public string Setup => setup;

    /// <summary>Null where drift detection is off, and for a route without a pin.</summary>
    public static DriftPlan? For(RouteConfig route, ClusterConfig? cluster, bool isWanted) =>
        isWanted && ApiVersionPin.Of(route) is not null && CalComCluster.IsTargetOf(route) ? new DriftPlan(SetupOf(route, cluster)) : null;

    /// <param name="now">A timestamp of the clock.</param>
    /// <param name="frequency">Timestamp units in a second.</param>
    public bool ShouldSample(Operation operation, string version, long now, long frequency)
    {
        if (!_samplers.TryGetValue((operation, version), out var sampler))
        {
            if (_samplers.Count >= MaxReads)
                return false;
            sampler = _samplers.GetOrAdd((operation, version), static _ => new AnswerSampler());
        }

        return sampler.ShouldTake(now, frequency);
    }

    /// <summary>A hash of the settings that can change what Cal.com is asked or what comes back: the route's transforms and the cluster's destinations.</summary>
    private static string SetupOf(RouteConfig route, ClusterConfig? cluster)
    {
        IEnumerable<string> transforms = (route.Transforms ?? []).Select(transform => string.Join(',', transform.Select(pair => $"{pair.Key}={pair.Value}")));
        IEnumerable<string> destinations = (cluster?.Destinations?.Values ?? []).Select(destination => destination.Address).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', transforms.Concat(destinations)))))[..16];
    }
}

/// <summary>Takes the first answers of a read, then one each half second, whatever the traffic.</summary>
internal sealed class AnswerSampler
{
    private const int FirstSamples = 64;

    /// <summary>Samples in a second, after the first ones.</summary>
    private const int SamplesPerSecond = 2;

    private int _taken;
    private long _next;

    public bool ShouldTake(long now, long frequency)
    {
        if (Volatile.Read(ref _taken) < FirstSamples)
            return Interlocked.Increment(ref _taken) <= FirstSamples;

        var next = Volatile.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + (frequency / SamplesPerSecond), next) == next;
    }
}
