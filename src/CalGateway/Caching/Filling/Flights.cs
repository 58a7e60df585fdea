using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Diagnosis;
using CalGateway.Telemetry;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling;

/// <summary>
/// Who fills and who refreshes: at most one request to Cal.com for each key, on behalf of all who want the answer and of
/// none of them. A failure is shared in the same way, for as long as it is remembered.
/// </summary>
internal sealed partial class Flights(
    AnswerTable table, Tallies tallies, IServiceScopeFactory services, TimeProvider clock, ILogger<Flights> logger)
{
    /// <summary>Failures remembered at a time: so many keys are an attack, and get no memory of ours.</summary>
    private const int MaxRemembered = 4096;

    private static readonly TimeSpan LongestMemory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>The flight that is under way for the key, or a new one.</summary>
    /// <param name="caller">Whose request it is like.</param>
    /// <param name="plan">The route's.</param>
    /// <param name="key">The answer's.</param>
    /// <param name="former">What is stored, to be confirmed or replaced.</param>
    /// <param name="isBehind">Nobody waits: its spans are a trace of their own.</param>
    /// <param name="isNew">It was this call that started it.</param>
    public Flight Join(HttpContext caller, RoutePlan plan, string key, StoredAnswer? former, bool isBehind, out bool isNew)
    {
        var cache = plan.Cache!;
        isNew = false;
        while (true)
        {
            if (_flights.TryGetValue(key, out var underWay))
                return underWay;

            var flight = new Flight(key, cache.Tags);
            if (!_flights.TryAdd(key, flight))
                continue;

            isNew = true;
            var request = new DetachedRequest(caller, cache.Limits.MaxEntryBytes, cache.Limits.Deadline, clock);
            _ = Task.Run(() => FlyAsync(flight, request, cache, former, isBehind));
            return flight;
        }
    }

    /// <summary>What is under way, or remembered, may be from before a write: whoever asks from now on asks anew.</summary>
    public void Supersede(string tag)
    {
        foreach (var (key, flight) in _flights)
        {
            if (!flight.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase))
                continue;

            flight.Supersede();
            _flights.TryRemove(KeyValuePair.Create(key, flight));
        }
    }

    private async Task FlyAsync(Flight flight, DetachedRequest request, CachePlan plan, StoredAnswer? former, bool isBehind)
    {
        using (request)
        using (isBehind ? StartTrace() : null)
        {
            var result = await AskAsync(flight, request, plan, former);
            flight.Complete(result);
            tallies.Of(plan.Policy).Refreshed(result);

            if (MemoryOf(result, plan.Limits) is { } memory && _flights.Count < MaxRemembered)
                await Task.Delay(memory, clock);
            _flights.TryRemove(KeyValuePair.Create(flight.Key, flight));
        }
    }

    private async Task<FlightResult> AskAsync(Flight flight, DetachedRequest request, CachePlan plan, StoredAnswer? former)
    {
        try
        {
            var exchange = await request.SendAsync(former?.UpstreamTag, services);
            var verdict = Judge.Of(exchange, asksIfChanged: former?.UpstreamTag is not null);
            return verdict switch
            {
                Verdict.Store or Verdict.StoreEmpty => Land(flight, plan, verdict, Prepare(flight.Key, plan, exchange, verdict, former), exchange),
                Verdict.Unchanged => Land(flight, plan, verdict, Confirm(former!, plan), exchange),
                _ => Refuse(verdict, exchange, former),
            };
        }
        catch (Exception failure)
        {
            Log.Bug(logger, failure);
            return new FlightResult(Verdict.Outage, null, new Exchange
            {
                Status = StatusCodes.Status500InternalServerError,
                Headers = new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>(),
                Body = [],
                Problem = GatewayProblem.Of(
                    ProblemTypes.InternalError, "The gateway failed over this request. Its log holds the reason under the trace id."),
                IsTooLarge = false,
                SentApiVersion = null,
                UpstreamRequestId = null,
            });
        }
    }

    private FlightResult Land(Flight flight, CachePlan plan, Verdict verdict, StoredAnswer answer, Exchange exchange)
    {
        if (!flight.TryLand(() => table.Put(answer, plan.Limits)))
            answer.Leave();
        return new FlightResult(verdict, answer, exchange);
    }

    private FlightResult Refuse(Verdict verdict, Exchange exchange, StoredAnswer? former)
    {
        if (verdict is Verdict.Final or Verdict.TooLarge && former is not null)
            table.Evict(former);
        return new FlightResult(verdict, null, exchange);
    }

    private StoredAnswer Prepare(string key, CachePlan plan, Exchange exchange, Verdict verdict, StoredAnswer? former) => new()
    {
        Key = key,
        Tags = plan.Tags,
        Policy = plan.Policy,
        Body = former?.Body.Digest == Representations.DigestOf(exchange.Body) ? former.Body : Representations.Of(exchange.Body),
        Headers = StoredHeaders.Of(exchange),
        UpstreamTag = exchange[HeaderNames.ETag] is [{ Length: > 0 } tag] ? tag : null,
        IsEmpty = verdict == Verdict.StoreEmpty,
        StoredAt = clock.GetTimestamp(),
    };

    private StoredAnswer Confirm(StoredAnswer former, CachePlan plan) => new()
    {
        Key = former.Key,
        Tags = plan.Tags,
        Policy = plan.Policy,
        Body = former.Body,
        Headers = former.Headers,
        UpstreamTag = former.UpstreamTag,
        IsEmpty = former.IsEmpty,
        StoredAt = clock.GetTimestamp(),
    };

    /// <summary>For how long a result is given to those who ask next; null for one that is stored.</summary>
    private static TimeSpan? MemoryOf(FlightResult result, CacheOptions limits)
    {
        if (result.Answer is not null)
            return null;
        if (result.Verdict == Verdict.TooLarge)
            return LongestMemory;

        var told = result.Exchange![HeaderNames.RetryAfter].ToString();
        var asked = int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return asked > LongestMemory ? LongestMemory : asked > limits.FailureMemory ? asked : limits.FailureMemory;
    }

    private static Activity? StartTrace()
    {
        var cause = Activity.Current?.Context;
        Activity.Current = null;
        return GatewayActivities.Source.StartActivity(
            "cache refresh", ActivityKind.Internal, parentContext: default, links: cause is { } link ? [new ActivityLink(link)] : null);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A refresh of the cache failed inside the gateway; this is a bug")]
        public static partial void Bug(ILogger logger, Exception failure);
    }
}
