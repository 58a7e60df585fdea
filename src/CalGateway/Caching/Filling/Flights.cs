using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Sharing;
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
    AnswerTable table, SharedAnswers shared, Tallies tallies, IServiceScopeFactory services, TimeProvider clock, ILogger<Flights> logger)
{
    /// <summary>Failures remembered at a time: so many keys are an attack, and get no memory of ours.</summary>
    private const int MaxRemembered = 4096;

    private static readonly TimeSpan LongestMemory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>The flight that is under way for the key, or a new one.</summary>
    /// <param name="caller">Whose request it is like.</param>
    /// <param name="plan">The route's.</param>
    /// <param name="key">The answer's.</param>
    /// <param name="stored">What is to be confirmed or replaced.</param>
    /// <param name="isBehind">Nobody waits: its spans are a trace of their own.</param>
    /// <param name="isNew">It was this call that started it.</param>
    public Flight Join(HttpContext caller, RoutePlan plan, string key, StoredAnswer? stored, bool isBehind, out bool isNew)
    {
        var cache = plan.Cache!;
        isNew = false;
        while (true)
        {
            var former = _flights.GetValueOrDefault(key);
            if (former is { MayBeTriedAgain: false })
                return former;

            var flight = new Flight(key, cache.Tags, attempt: former is null ? 1 : former.Attempt + 1);
            if (!(former is null ? _flights.TryAdd(key, flight) : _flights.TryUpdate(key, flight, former)))
                continue;

            isNew = true;
            var request = new DetachedRequest(caller, cache.Limits.MaxEntryBytes, cache.Limits.Deadline, clock);
            _ = Task.Run(() => FlyAsync(flight, request, cache, stored, isBehind));
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

            // The time runs from before anybody is told.
            var forgotten = MemoryOf(result, plan.Limits) is { } memory && _flights.Count < MaxRemembered ? Task.Delay(memory, clock) : Task.CompletedTask;
            flight.Complete(result);
            tallies.Of(plan.Policy).Refreshed(result);
            if (result is { IsStored: true, Exchange: not null })
                await ShareAsync(flight, result.Answer!, plan);

            await forgotten;
            _flights.TryRemove(KeyValuePair.Create(flight.Key, flight));
        }
    }

    private async Task<FlightResult> AskAsync(Flight flight, DetachedRequest request, CachePlan plan, StoredAnswer? former)
    {
        try
        {
            if (await FindSharedAsync(flight.Key, plan, former) is { } found)
            {
                if (found.PhaseAt(table.AgeOf(found), plan.WindowsOf(found.IsEmpty)) is Phase.Fresh or Phase.Revalidate)
                    return Land(flight, plan, Verdict.Store, found, exchange: null);

                // Good for confirmation, and for when Cal.com fails.
                flight.TryLand(() => table.Put(found, plan.Limits));
                former = found;
            }

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

    private FlightResult Land(Flight flight, CachePlan plan, Verdict verdict, StoredAnswer answer, Exchange? exchange)
    {
        if (!flight.TryLand(() => table.Put(answer, plan.Limits)))
            answer.Leave();
        return new FlightResult(verdict, answer, exchange);
    }

    /// <summary>What another gateway has fetched meanwhile; null where ours is as new, or fresh and not wanted.</summary>
    private async Task<StoredAnswer?> FindSharedAsync(string key, CachePlan plan, StoredAnswer? former)
    {
        if (former is not null && former.PhaseAt(table.AgeOf(former), plan.WindowsOf(former.IsEmpty)) == Phase.Fresh)
            return null;

        return await shared.FindAsync(key, plan) is { } found && found.StoredAt > (former?.StoredAt ?? long.MinValue) ? found : null;
    }

    private async Task ShareAsync(Flight flight, StoredAnswer answer, CachePlan plan)
    {
        await shared.PutAsync(answer, table.AgeOf(answer), plan.WindowsOf(answer.IsEmpty).Life);

        // A write may have come between: it has swept the store already, and we have put this there behind it.
        if (!flight.TryLand(() => { }))
        {
            foreach (var tag in answer.Tags)
                await shared.SweepAsync(tag);
        }
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
        if (result.Answer is not null || result.Exchange is { IsLegacyShape: true, Problem: null })
            return null; // An answer in an older shape is not kept for a moment either.
        if (result.Verdict == Verdict.TooLarge)
            return LongestMemory;

        var asked = result.RetryAfter ?? TimeSpan.Zero;
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
