using CalGateway.Caching.Entries;
using CalGateway.Caching.Evicting;
using CalGateway.Caching.Filling;
using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.Caching.Serving;

/// <summary>
/// Behind routing and access: serves what is stored as long as its windows allow, has it refreshed behind, and waits for
/// the flight where there is nothing to serve. A write passes, and evicts.
/// </summary>
internal sealed class CacheStage(
    RequestDelegate next, AnswerTable table, PreparedAnswers prepared, Flights flights, Evictions evictions, Tallies tallies,
    TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        if (call.Plan is not { } plan)
            return next(context);

        evictions.Watch(context, plan);
        return plan.Part<CachePlan>() is { } cache ? AnswerAsync(context, call, plan, cache) : next(context);
    }

    private Task AnswerAsync(HttpContext context, GatewayCall call, RoutePlan plan, CachePlan cache)
    {
        var whose = call.Partition!.Text;
        var (key, bypass) = cache.Examine(context.Request, whose, call.CallersVersion);
        var directives = CallerDirectives.Of(context.Request, call.Caller!);
        if (key is null || directives.NoStore)
            return directives.OnlyIfCached ? NotStoredAsync(context, call, cache) : BypassAsync(context, call, cache, bypass ?? "no-store");

        var stored = table.Find(key);
        var age = stored is null ? TimeSpan.Zero : table.AgeOf(stored);
        var windows = cache.WindowsOf(stored?.IsEmpty == true);
        var phase = stored is null ? Phase.Over : stored.PhaseAt(age, windows);

        switch (phase)
        {
            case Phase.Fresh when directives.MaxAge is not { } most || age < most:
                var tally = tallies.Of(cache.Policy);
                if (call.Partition.Owner is null) // in front of routing nobody's token is known
                    prepared.Remember(call.AtStart.Part<Revision>()!, whose, context.Request, new PreparedAnswer(stored!, windows, context.GetEndpoint()!, tally), cache.Limits);
                return ServeAsync(context, call, cache, stored!, age, CacheResult.Hit, null);
            case Phase.Revalidate when directives.MaxAge is null:
                flights.Join(context, plan, key, stored, Errand.Refresh, out _);
                return ServeAsync(context, call, cache, stored!, age, CacheResult.Stale, null);
            case var _ when directives.OnlyIfCached:
                return NotStoredAsync(context, call, cache);
        }

        var why = phase switch { Phase.Fresh => CacheStatus.Request, Phase.Over => CacheStatus.UriMiss, _ => CacheStatus.Stale };
        var errand = directives.MaxAge is null ? Errand.Answer : Errand.Demanded;
        return AskAsync(context, call, plan, key, phase == Phase.Over ? null : stored, errand, why);
    }

    private async Task AskAsync(HttpContext context, GatewayCall call, RoutePlan plan, string key, StoredAnswer? stored, Errand errand, string why)
    {
        var cache = plan.Part<CachePlan>()!;
        if (flights.Join(context, plan, key, stored, errand, out var isOwn) is not { } flight)
        {
            await (stored is null
                ? BypassAsync(context, call, cache, CacheStatus.Busy)
                : ServeInItsPlaceAsync(context, call, cache, stored, CacheStatus.HitWhileBusy(SecondsLeft(cache, stored))));
            return;
        }

        flight.Board();
        try
        {
            await AnswerAsync(context, call, cache, key, stored, flight, isOwn, why);
        }
        finally
        {
            flight.Leave();
        }
    }

    private async Task AnswerAsync(
        HttpContext context, GatewayCall call, CachePlan cache, string key, StoredAnswer? stored, Flight flight, bool isOwn, string why)
    {
        var how = isOwn ? CacheResult.Miss : flight.IsRemembered ? CacheResult.Remembered : CacheResult.Collapsed;
        FlightResult? result;
        try
        {
            result = await flight.WaitAsync(stored is null ? Timeout.InfiniteTimeSpan : cache.PatienceWithin(call.Plan!.Timeout), clock, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Tell(call, cache, how, status: null); // who hangs up has been a miss all the same
            throw;
        }

        if (isOwn && result?.Exchange is { } exchange)
            (call.SentApiVersion, call.UpstreamRequestId) = (exchange.SentApiVersion, exchange.UpstreamRequestId);

        call.IsLegacyShape = result?.Exchange is { IsLegacyShape: true };
        stored ??= FindUsable(key, cache); // another gateway's, which the flight found
        if (result?.Answer is { } shared && result.Exchange is null)
        {
            await ServeAsync(context, call, cache, shared, table.AgeOf(shared), CacheResult.Hit, null);
        }
        else if (result?.Answer is { } answer)
        {
            await ServeAsync(context, call, cache, answer, table.AgeOf(answer), how, CacheStatus.Forwarded(why, result, isOwn));
        }
        else if (stored is not null && result is null or { Verdict: Verdict.Outage or Verdict.Error })
        {
            await ServeInItsPlaceAsync(context, call, cache, stored, CacheStatus.InItsPlace(why, result, isOwn, how == CacheResult.Remembered, SecondsLeft(cache, stored)));
        }
        else if (result!.Verdict == Verdict.NoRoom)
        {
            await (stored is null
                ? BypassAsync(context, call, cache, CacheStatus.Busy)
                : ServeInItsPlaceAsync(context, call, cache, stored, CacheStatus.HitWhileBusy(SecondsLeft(cache, stored))));
        }
        else if (result.Verdict == Verdict.TooLarge)
        {
            await BypassAsync(context, call, cache, "too-large");
        }
        else
        {
            how = result.Exchange!.IsRemembered ? CacheResult.Remembered : how;
            Tell(call, cache, how, how == CacheResult.Remembered ? CacheStatus.Remembered : CacheStatus.Forwarded(why, result, isOwn));
            await WriteAsync(context, result.Exchange, clock.GetElapsedTime(result.At));
        }
    }

    /// <summary>What is not stored. Who is told of a failure that is remembered is told what is left of the time that it takes.</summary>
    private static Task WriteAsync(HttpContext context, Exchange exchange, TimeSpan since) => exchange.Problem is { } problem
        ? (problem with { RetryAfter = problem.RetryAfter - since }).WriteToAsync(context)
        : AnswerWriter.WriteAsync(context, exchange, since);

    private StoredAnswer? FindUsable(string key, CachePlan cache) =>
        table.Find(key) is { } found && found.PhaseAt(table.AgeOf(found), cache.WindowsOf(found.IsEmpty)) != Phase.Over ? found : null;

    private Task ServeAsync(
        HttpContext context, GatewayCall call, CachePlan cache, StoredAnswer answer, TimeSpan age, CacheResult result, string? status)
    {
        var moment = answer.MomentAt(age, cache.WindowsOf(answer.IsEmpty));
        Tell(call, cache, result, status ?? moment.Hit);
        return AnswerWriter.WriteAsync(context, answer, moment.Age);
    }

    /// <summary>What is stored, where Cal.com has nothing better to say.</summary>
    private Task ServeInItsPlaceAsync(HttpContext context, GatewayCall call, CachePlan cache, StoredAnswer answer, string status) =>
        ServeAsync(context, call, cache, answer, table.AgeOf(answer), CacheResult.Stale, status);

    private long SecondsLeft(CachePlan cache, StoredAnswer answer) => cache.WindowsOf(answer.IsEmpty).SecondsLeft(table.AgeOf(answer));

    private Task BypassAsync(HttpContext context, GatewayCall call, CachePlan cache, string detail)
    {
        Tell(call, cache, CacheResult.Bypass, CacheStatus.Bypass(detail));
        return next(context);
    }

    private Task NotStoredAsync(HttpContext context, GatewayCall call, CachePlan cache)
    {
        Tell(call, cache, CacheResult.Bypass, CacheStatus.NotAsked);
        return GatewayProblem
            .Of(ProblemTypes.NotStored, $"Nothing is stored for this request, and only-if-cached keeps the gateway from asking {call.Plan!.UpstreamName.Replace("The", "the", StringComparison.Ordinal)}.", "Ask without only-if-cached.")
            .WriteToAsync(context);
    }

    private void Tell(GatewayCall call, CachePlan cache, CacheResult result, string? status)
    {
        call.Cache = result;
        call.CacheStatus = status;
        tallies.Of(cache.Policy).Count(result);
    }
}
