using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Sharing;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Filling;

/// <summary>What a flight is for.</summary>
internal enum Errand
{
    /// <summary>Somebody waits for an answer.</summary>
    Answer,

    /// <summary>Somebody waits for Cal.com's own: what another gateway has stored will not do.</summary>
    Demanded,

    /// <summary>Nobody waits, so its spans are a trace of their own.</summary>
    Refresh,
}

/// <summary>
/// Who fills and who refreshes: at most one request to Cal.com for each key, on behalf of all who want the answer and of
/// none of them. A failure is shared in the same way, for as long as it is remembered.
/// </summary>
internal sealed partial class Flights(
    Fetch fetch, Compressor compressor, SharedWrites shared, FailureMemory memory, Tallies tallies, TimeProvider clock, ILogger<Flights> logger)
{
    /// <summary>
    /// Those who wait may hang up, and their flights go on: so many at a time, each of which may hold the largest body there is, are an attack or
    /// as good as one.
    /// </summary>
    public const int MostUnderWay = 128;

    /// <summary>
    /// What the bodies on their way take together, beside what is stored: from the first byte until the last caller who waited was sent it. A slow
    /// caller thus takes as much of it as a large answer.
    /// </summary>
    private const long MostBytes = 40 << 20;

    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly Room _room = new(MostBytes, clock);
    private int _underWay;

    /// <summary>The flight that is under way for the key, or a new one; null where there are too many for a new one.</summary>
    /// <param name="caller">Whose request it is like.</param>
    /// <param name="plan">The route's.</param>
    /// <param name="key">The answer's.</param>
    /// <param name="stored">What is to be confirmed or replaced.</param>
    /// <param name="errand">What it is for.</param>
    /// <param name="isNew">It was this call that started it.</param>
    public Flight? Join(HttpContext caller, RoutePlan plan, string key, StoredAnswer? stored, Errand errand, out bool isNew)
    {
        var cache = plan.Part<CachePlan>()!;
        isNew = false;
        while (true)
        {
            var former = _flights.GetValueOrDefault(key);
            var maxBytes = cache.Limits.LargestBody;
            if (former?.Answers(errand, maxBytes) == true)
                return former;

            // However many want an answer of their own, one request is under way for them and one waits its turn.
            var isUnderWay = former is { Result.IsCompleted: false };
            if (isUnderWay && former!.IsDemanded)
            {
                if (former.Follow(Following, out isNew) is { } next)
                    return next;
                continue;
            }

            if (Volatile.Read(ref _underWay) >= MostUnderWay)
                return null;

            var flight = new Flight(
                key, cache, former is { Result: { IsCompleted: true, Result.IsFailure: true } } ? former.Attempt + 1 : 1, isDemanded: errand == Errand.Demanded,
                older: isUnderWay ? former : null) { Owner = OwnerOf(caller) };
            var request = new DetachedRequest(caller, maxBytes, _room, cache.Limits.Deadline, clock);
            if (!(former is null ? _flights.TryAdd(key, flight) : _flights.TryUpdate(key, flight, former)))
            {
                request.Dispose();
                continue;
            }

            isNew = true;
            Interlocked.Increment(ref _underWay);
            _ = Task.Run(() => FlyAsync(flight, request, cache, stored, errand));
            return flight;
        }

        Following Following() =>
            new(new Flight(key, cache, attempt: 1, isDemanded: true) { Owner = OwnerOf(caller) }, new DetachedRequest(caller, cache.Limits.LargestBody, _room, cache.Limits.Deadline, clock), stored, Activity.Current);
    }

    /// <summary>What is under way, or remembered, may be from before a write: whoever asks from now on asks anew.</summary>
    public void Supersede(Func<Flight, bool> which)
    {
        foreach (var (key, flight) in _flights)
        {
            if (!which(flight))
                continue;

            flight.Supersede();
            _flights.TryRemove(KeyValuePair.Create(key, flight));
        }
    }

    private static string? OwnerOf(HttpContext caller) => GatewayCall.Of(caller).Partition!.Owner;

    private async Task FlyAsync(Flight flight, DetachedRequest request, CachePlan plan, StoredAnswer? former, Errand errand)
    {
        var forgotten = Task.CompletedTask;
        flight.Carry(request.Holding);
        try
        {
            using (request)
            using (errand == Errand.Refresh ? GatewayActivities.StartTrace("cache refresh", Activity.Current?.Context) : null)
            {
                var result = await fetch.RunAsync(flight, request, plan, former) with { At = clock.GetTimestamp() };

                if (flight.Owner is { } owner && result.Exchange?.Problem is { EndsToken: true })
                {
                    Supersede(other => other.Owner == owner);
                    fetch.Drop(owner);
                }

                // The time runs from before anybody is told.
                forgotten = memory.KeepAsync(result, plan.Limits);
                if (result.Verdict == Verdict.NotToBeStored)
                    _flights.TryRemove(KeyValuePair.Create(flight.Key, flight)); // for those who wait already, and for nobody else
                flight.Complete(result);
                tallies.Of(plan.Policy).Refreshed(plan.UpstreamName, result);
                HandOn(result, plan, request.Account);
            }
        }
        catch (Exception failure)
        {
            Log.Bug(logger, failure, request.TraceId);
            flight.Complete(FlightResult.OfBug);
        }
        finally
        {
            flight.Leave();
            Interlocked.Decrement(ref _underWay);
        }

        if (flight.TakeNext() is { } next)
            Begin(next, flight, plan);
        _ = ForgetAsync(flight, forgotten);
    }

    /// <summary>
    /// What has waited for a flight to end begins, unless that one has failed and is remembered, or another one has begun since: what these bring is what it
    /// would have been for.
    /// </summary>
    private void Begin(Following next, Flight before, CachePlan plan)
    {
        while (true)
        {
            var other = _flights.GetValueOrDefault(next.Flight.Key);
            if (other is not null && (other != before || before.Answers(Errand.Demanded, plan.Limits.LargestBody)))
            {
                next.Request.Dispose();
                _ = PassOnAsync(other, next.Flight);
                return;
            }

            if (other is null ? _flights.TryAdd(next.Flight.Key, next.Flight) : _flights.TryUpdate(next.Flight.Key, next.Flight, before))
                break;
        }

        Interlocked.Increment(ref _underWay);
        _ = Task.Run(() =>
        {
            Activity.Current = next.Cause;
            return FlyAsync(next.Flight, next.Request, plan, next.Stored, Errand.Demanded);
        });
    }

    private static async Task PassOnAsync(Flight from, Flight to) => to.Complete(await from.Result);

    /// <summary>What has time until the callers are answered.</summary>
    private void HandOn(FlightResult result, CachePlan plan, Signature account)
    {
        if (result is not { IsStored: true, Answer: { } answer })
            return;

        compressor.Add(answer, plan.Limits);

        // A caller's token is refused on one gateway, which could not tell the others: what is its own stays in this process.
        if (result.Exchange is not null && answer.Owner is null)
            shared.Add(answer.Key, plan.WindowsOf(answer.IsEmpty).Life, account);
    }

    /// <summary>By itself, for what waits ten minutes must not hold the request, its body and its revision for as long.</summary>
    private async Task ForgetAsync(Flight flight, Task forgotten)
    {
        await forgotten;
        _flights.TryRemove(KeyValuePair.Create(flight.Key, flight));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A request for the cache failed inside the gateway; this is a bug, trace={TraceId}")]
        public static partial void Bug(ILogger logger, Exception failure, string traceId);
    }
}
