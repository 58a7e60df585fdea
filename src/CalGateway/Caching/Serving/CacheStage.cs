using CalGateway.Caching.Filling;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Serving;

/// <summary>
/// After routing and access: serves a stored answer for as long as its windows allow, has stale answers refreshed, and waits for a fill if there is
/// nothing to serve. Writes pass, and evict.
/// </summary>
internal sealed class CacheStage(RequestDelegate next, AnswerTable table, PreparedAnswers prepared, Fills fills, WriteWatch writes, TimeProvider clock)
{
    /// <summary>The <c>Retry-After</c> of a refusal: the fills in flight need about as long.</summary>
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(2);

    public Task InvokeAsync(HttpContext context)
    {
        var call = GatewayCall.Of(context);
        if (call.Plan is not { } plan)
            return next(context);

        writes.Watch(context, plan);
        return plan.Part<CachePlan>() is { } cache ? LookUpAsync(context, call, cache) : next(context);
    }

    private Task LookUpAsync(HttpContext context, GatewayCall call, CachePlan cache)
    {
        var (key, bypass) = cache.Examine(context.Request, call.Partition!.Text, call.Version.InPlaceOfPin);
        var directives = CallerDirectives.Of(context.Request, call.Caller!);
        if (key is null || directives.NoStore)
            return RespondAsync(context, call, cache, directives.OnlyIfCached ? new CacheOutcome.NotStored() : new CacheOutcome.Bypass(bypass ?? "no-store"));

        var stored = table.Find(key);
        var age = stored is null ? TimeSpan.Zero : table.AgeOf(stored);
        var windows = cache.WindowsOf(stored?.IsEmpty == true);
        var phase = stored is null ? Phase.Over : stored.PhaseAt(age, windows);

        switch (phase)
        {
            case Phase.Fresh when directives.MaxAge is not { } maxAge || age < maxAge:
                Prepare(context, call, cache, stored!, windows);
                return RespondAsync(context, call, cache, new CacheOutcome.FromStore(stored!, CacheResult.Hit));
            case Phase.Revalidate when directives.MaxAge is null:
                fills.Join(context, cache, key, stored, FillPurpose.Refresh);
                return RespondAsync(context, call, cache, new CacheOutcome.FromStore(stored!, CacheResult.Stale));
            case var _ when directives.OnlyIfCached:
                return RespondAsync(context, call, cache, new CacheOutcome.NotStored());
        }

        var why = phase switch { Phase.Fresh => CacheStatus.Request, Phase.Over => CacheStatus.UriMiss, _ => CacheStatus.Stale };
        var purpose = directives.MaxAge is null ? FillPurpose.Answer : FillPurpose.Demanded;
        return FillAsync(new Miss(context, call, cache, key, phase == Phase.Over ? null : stored, why), purpose);
    }

    private Task FillAsync(Miss miss, FillPurpose purpose) => fills.Join(miss.Context, miss.Cache, miss.Key, miss.Stored, purpose) switch
    {
        FillTicket.Started started => WaitAsync(miss, started.Fill, CacheResult.Miss),
        FillTicket.Joined joined => WaitAsync(miss, joined.Fill, CacheResult.Collapsed),
        FillTicket.Remembered remembered => EndAsync(miss, remembered.Failure.Result, CacheResult.Remembered),
        _ => RespondAsync(miss, CacheOutcome.OfBusy(miss.Stored)),
    };

    private async Task WaitAsync(Miss miss, Fill fill, CacheResult how)
    {
        fill.AddUser();
        try
        {
            var timeout = miss.Stored is null ? Timeout.InfiniteTimeSpan : miss.Cache.PatienceWithin(miss.Call.Plan!.Timeout);
            await (await fill.WaitAsync(timeout, clock, miss.Context.RequestAborted) is { } result
                ? EndAsync(miss, result, how)
                : RespondAsync(miss, new CacheOutcome.WhileSlow(miss.Stored!, miss.Why, how)));
        }
        catch (OperationCanceledException) when (miss.Call.Cache == CacheResult.None)
        {
            miss.Call.Cache = how; // a caller that hangs up while it waits is counted too
            throw;
        }
        finally
        {
            fill.RemoveUser();
        }
    }

    private Task EndAsync(Miss miss, FillResult result, CacheResult how)
    {
        if (result is FillResult.FromUpstream { Exchange: var exchange })
        {
            if (how == CacheResult.Miss)
                (miss.Call.SentApiVersion, miss.Call.UpstreamRequestId) = (exchange.SentApiVersion, exchange.UpstreamRequestId);
            miss.Call.IsLegacyShape = exchange.IsLegacyShape;
        }

        return RespondAsync(miss, CacheOutcome.Of(result, miss.Stored ?? FindUsable(miss), miss.Why, how));
    }

    /// <summary>An answer of another gateway that the fill found in Redis: it is no longer fresh, but better than a failure.</summary>
    private StoredAnswer? FindUsable(Miss miss) =>
        table.Find(miss.Key) is { } found && found.PhaseAt(table.AgeOf(found), miss.Cache.WindowsOf(found.IsEmpty)) != Phase.Over ? found : null;

    private Task RespondAsync(Miss miss, CacheOutcome outcome) => RespondAsync(miss.Context, miss.Call, miss.Cache, outcome);

    private Task RespondAsync(HttpContext context, GatewayCall call, CachePlan cache, CacheOutcome outcome)
    {
        switch (outcome)
        {
            case CacheOutcome.FromStore { Answer: var answer } from:
                answer.MarkUsed();
                return ServeAsync(context, call, answer, from.Result, CacheStatus.Hit(SecondsLeft(cache, answer)));
            case CacheOutcome.FromFill from:
                return ServeAsync(context, call, from.Filled.Answer, from.How, CacheStatus.Of(from));
            case CacheOutcome.InsteadOfFailure { Answer: var answer } instead:
                answer.MarkUsed();
                return ServeAsync(context, call, answer, CacheResult.Stale, CacheStatus.Of(instead, SecondsLeft(cache, answer)));
            case CacheOutcome.WhileSlow { Answer: var answer } slow:
                answer.MarkUsed();
                return ServeAsync(context, call, answer, CacheResult.Stale, CacheStatus.Of(slow, SecondsLeft(cache, answer)));
            case CacheOutcome.WhileBusy { Answer: var answer }:
                answer.MarkUsed();
                return ServeAsync(context, call, answer, CacheResult.Stale, CacheStatus.HitWhileBusy(SecondsLeft(cache, answer)));
            case CacheOutcome.PassedOn passed:
                (call.Cache, call.CacheStatus) = (passed.How, CacheStatus.Of(passed));
                return PassOnAsync(context, passed.Result.Exchange, clock.GetElapsedTime(passed.Result.At));
            case CacheOutcome.Busy:
                (call.Cache, call.CacheStatus) = (CacheResult.Bypass, CacheStatus.RefusedAsBusy);
                UpstreamTags.WriteRefusal("fills", "read");
                return TooBusy(call).WriteToAsync(context);
            case CacheOutcome.Bypass bypass:
                (call.Cache, call.CacheStatus) = (CacheResult.Bypass, CacheStatus.Bypass(bypass.Detail));
                return next(context);
            default:
                (call.Cache, call.CacheStatus) = (CacheResult.Bypass, CacheStatus.NotAsked);
                return NotStored(call).WriteToAsync(context);
        }
    }

    private Task ServeAsync(HttpContext context, GatewayCall call, StoredAnswer answer, CacheResult result, string status)
    {
        (call.Cache, call.CacheStatus) = (result, status);
        return AnswerWriter.WriteAsync(context, answer, AgeHeaders.AgeOf(table.AgeOf(answer)));
    }

    /// <summary>A remembered failure says after what time to ask again; some of that time has already passed.</summary>
    private static Task PassOnAsync(HttpContext context, Exchange exchange, TimeSpan since) => exchange.Problem is { } problem
        ? (problem with { RetryAfter = problem.RetryAfter - since }).WriteToAsync(context)
        : AnswerWriter.WriteAsync(context, exchange, since);

    /// <summary>Lets <see cref="CacheFront"/> serve the same request from now on. Answers for a caller's own token are left out: the front does not know tokens.</summary>
    private void Prepare(HttpContext context, GatewayCall call, CachePlan cache, StoredAnswer stored, ServingWindows windows)
    {
        if (call.Partition!.Owner is null)
        {
            var answer = new PreparedAnswer(stored, windows, context.GetEndpoint()!);
            prepared.Add(call.AtStart.Part<Revision>()!, call.Partition.TextBeforeRouting, context.Request, answer, cache.Limits);
        }
    }

    private long SecondsLeft(CachePlan cache, StoredAnswer answer) => cache.WindowsOf(answer.IsEmpty).SecondsLeft(table.AgeOf(answer));

    private static GatewayProblem NotStored(GatewayCall call) => GatewayProblem.Of(
        ProblemTypes.NotStored,
        $"Nothing is stored for this request, and only-if-cached keeps the gateway from asking {call.Plan!.UpstreamName.Replace("The", "the", StringComparison.Ordinal)}.",
        "Ask without only-if-cached.");

    private static GatewayProblem TooBusy(GatewayCall call) => GatewayProblem.Of(
        ProblemTypes.CircuitOpen,
        $"The cache is asking {call.Plan!.UpstreamName.Replace("The", "the", StringComparison.Ordinal)} for as many lists as it may at once. Nothing was sent for this one.",
        "Ask again after Retry-After.") with { RetryAfter = WhenBusy };

    /// <summary>A request that the stored answer, if there is one, cannot answer at once.</summary>
    /// <param name="Stored">What can be served if the fill fails; null for nothing.</param>
    /// <param name="Why">Why the stored answer is not used: a constant of <see cref="CacheStatus"/>.</param>
    private sealed record Miss(HttpContext Context, GatewayCall Call, CachePlan Cache, string Key, StoredAnswer? Stored, string Why);
}
