using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// Which answers of one route of one revision are looked at: the first of each read and version, and then two a second. For all others it costs a
/// look-up and a comparison of two numbers.
/// </summary>
internal sealed class DriftPlan(string setup)
{
    private const int MostReads = 300;

    private readonly ConcurrentDictionary<(Operation Operation, string Version), AnswerSampler> _samplers = [];

    public string Setup => setup;

    /// <summary>Null where drift is switched off, and for a route that pins no version.</summary>
    public static DriftPlan? For(RouteConfig route, ClusterConfig? cluster, bool isWanted) =>
        isWanted && ApiVersionPin.Of(route) is not null && CalComCluster.IsTargetOf(route) ? new DriftPlan(SetupOf(route, cluster)) : null;

    /// <param name="operation">That was asked for.</param>
    /// <param name="version">That was sent.</param>
    /// <param name="now">As a timestamp of the clock.</param>
    /// <param name="frequency">Of the clock.</param>
    public bool Wants(Operation operation, string version, long now, long frequency)
    {
        if (!_samplers.TryGetValue((operation, version), out var sampler))
        {
            if (_samplers.Count >= MostReads)
                return false;
            sampler = _samplers.GetOrAdd((operation, version), static _ => new AnswerSampler());
        }

        return sampler.Takes(now, frequency);
    }

    /// <summary>What of the file makes of a request what Cal.com is asked, and of its answer what is looked at.</summary>
    private static string SetupOf(RouteConfig route, ClusterConfig? cluster)
    {
        IEnumerable<string> transforms = (route.Transforms ?? []).Select(transform => string.Join(',', transform.Select(pair => $"{pair.Key}={pair.Value}")));
        IEnumerable<string> destinations = (cluster?.Destinations?.Values ?? []).Select(destination => destination.Address).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', transforms.Concat(destinations)))))[..16];
    }
}

/// <summary>Takes the first answers of a read, and then one each half second, whatever the traffic.</summary>
internal sealed class AnswerSampler
{
    private const int First = 64;

    /// <summary>Of a second.</summary>
    private const int Share = 2;

    private int _taken;
    private long _next;

    public bool Takes(long now, long frequency)
    {
        if (Volatile.Read(ref _taken) < First)
            return Interlocked.Increment(ref _taken) <= First;

        var next = Volatile.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + (frequency / Share), next) == next;
    }
}
