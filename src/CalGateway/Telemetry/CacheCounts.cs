using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalGateway.Journey;

namespace CalGateway.Telemetry;

/// <summary>
/// Requests by route and cache result, counted here and told when somebody asks: a counter of OpenTelemetry's looks its tags up at every
/// request, which is a hundredth of what a hit costs.
/// </summary>
internal sealed class CacheCounts
{
    private static readonly CacheResult[] Results = Enum.GetValues<CacheResult>();

    private readonly ConcurrentDictionary<string, long[]> _routes = new(StringComparer.Ordinal);

    public void Add(string route, CacheResult result) =>
        Interlocked.Increment(ref _routes.GetOrAdd(route, static _ => new long[Results.Length])[(int)result]);

    public IEnumerable<Measurement<long>> Read()
    {
        foreach (var (route, counts) in _routes)
        {
            foreach (var result in Results)
            {
                if (SpanTags.NameOf(result) is { } name && Interlocked.Read(ref counts[(int)result]) is > 0 and var count)
                    yield return new Measurement<long>(count, new("calgateway.cache.result", name), new("calgateway.route", route));
            }
        }
    }
}
