using CalGateway.Caching.Filling;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.CalCom.Headers;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.Caching.Serving;

/// <summary>
/// Behind routing and access: serves what is stored for as long as its windows allow, has stale answers refreshed, and waits for a fill where there is
/// nothing to serve. Writes pass, and evict.
/// </summary>
internal sealed class CacheStage(
    RequestDelegate next, AnswerTable table, PreparedAnswers prepared, Fills fills, WriteWatch writes, Tallies tallies, TimeProvider clock)
{
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
        var (key, bypass) = cache.Examine(context.Request, call.Partition!.Text, call.CallersVersion);
        var directives = CallerDirectives.Of(context.Request, call.Caller!);
        if (key is null || directives.NoStore)
            return RespondAsync(context, call, cache, directives.OnlyIfCached ? new CacheOutcome.NotStored() : new CacheOutcome.Bypass(bypass ?? "no-store"));

        var stored = table.Find(key);
        var age = stored is null ? TimeSpan.Zero : table.AgeOf(stored);
        var windows = cache.WindowsOf(stored?.IsEmpty == true);
        var phase = stored is null ? Phase.Over : stored.PhaseAt(age, windows);

        switch (phase)
        {
            case Phase.Fresh when directives.MaxAge is not { } most || age < most:
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
        return FillAsync(context, call, cache, key, phase == Phase.Over ? null : stored, purpose, why);
    }

    private async Task FillAsync(HttpContext context, GatewayCall call, CachePlan cache, string key, StoredAnswer? stored, FillPurpose purpose, string why)
    {
        switch (fills.Join(context, cache, key, stored, purpose))
        {
            case FillTicket.Started started:
                await WaitAsync(context, call, cache, started.Fill, stored, why, CacheResult.Miss);
                return;
            case FillTicket.Joined joined:
                await WaitAsync(context, call, cache, joined.Fill, stored, why, CacheResult.Collapsed);
                return;
            case FillTicket.Remembered remembered:
                await EndAsync(context, call, cache, key, remembered.Failure.Result, stored, why, CacheResult.Remembered);
                return;
            default:
                await RespondAsync(context, call, cache, CacheOutcome.OfBusy(stored));
                return;
        }
    }

    private async Task WaitAsync(HttpContext context, GatewayCall call, CachePlan cache, Fill fill, StoredAnswer? stored, string why, CacheResult how)
    {
        fill.AddUser();
        try
        {
            var patience = stored is null ? Timeout.InfiniteTimeSpan : cache.PatienceWithin(call.Plan!.Timeout);
            await EndAsync(context, call, cache, fill.Key, await fill.WaitAsync(patience, clock, context.RequestAborted), stored, why, how);
        }
        catch (OperationCanceledException) when (call.Cache == CacheResult.None)
        {
            Record(call, cache, how, status: null); // a caller that hangs up while it waits counts too
            throw;
        }
        finally
        {
            fill.RemoveUser();
        }
    }

    private Task EndAsync(
        HttpContext context, GatewayCall call, CachePlan cache, string key, FillResult? result, StoredAnswer? stored, string why, CacheResult how)
    {
        if (how == CacheResult.Miss && result?.Said is { } said)
            (call.SentApiVersion, call.UpstreamRequestId) = (said.SentApiVersion, said.UpstreamRequestId);
        call.IsLegacyShape = result?.Said is { IsLegacyShape: true };

        return RespondAsync(context, call, cache, CacheOutcome.Of(result, stored ?? FindUsable(key, cache), why, how));
    }

    /// <summary>What another gateway had stored, and the fill found on the way.</summary>
    private StoredAnswer? FindUsable(string key, CachePlan cache) =>
        table.Find(key) is { } found && found.PhaseAt(table.AgeOf(found), cache.WindowsOf(found.IsEmpty)) != Phase.Over ? found : null;

    private Task RespondAsync(HttpContext context, GatewayCall call, CachePlan cache, CacheOutcome outcome)
    {
        switch (outcome)
        {
            case CacheOutcome.FromStore from:
                from.Answer.MarkUsed();
                return ServeAsync(context, call, cache, from.Answer, from.Result, CacheStatus.Hit(SecondsLeft(cache, from.Answer)));
            case CacheOutcome.FromFill from:
                return ServeAsync(context, call, cache, from.Filled.Answer, from.How, CacheStatus.Of(from));
            case CacheOutcome.InsteadOfFailure instead:
                instead.Answer.MarkUsed();
                return ServeAsync(context, call, cache, instead.Answer, CacheResult.Stale, CacheStatus.Of(instead, SecondsLeft(cache, instead.Answer)));
            case CacheOutcome.WhileBusy busy:
                busy.Answer.MarkUsed();
                return ServeAsync(context, call, cache, busy.Answer, CacheResult.Stale, CacheStatus.HitWhileBusy(SecondsLeft(cache, busy.Answer)));
            case CacheOutcome.PassedOn passed:
                Record(call, cache, passed.How, CacheStatus.Of(passed));
                return PassOnAsync(context, passed.Exchange, clock.GetElapsedTime(passed.Result.At));
            case CacheOutcome.Bypass bypass:
                Record(call, cache, CacheResult.Bypass, CacheStatus.Bypass(bypass.Detail));
                return next(context);
            default:
                Record(call, cache, CacheResult.Bypass, CacheStatus.NotAsked);
                return NotStored(call).WriteToAsync(context);
        }
    }

    private Task ServeAsync(HttpContext context, GatewayCall call, CachePlan cache, StoredAnswer answer, CacheResult result, string status)
    {
        Record(call, cache, result, status);
        return AnswerWriter.WriteAsync(context, answer, AgeHeaders.AgeOf(table.AgeOf(answer)));
    }

    /// <summary>A failure that is remembered says when to ask again: by then, some of that time has passed.</summary>
    private static Task PassOnAsync(HttpContext context, Exchange exchange, TimeSpan since) => exchange.Problem is { } problem
        ? (problem with { RetryAfter = problem.RetryAfter - since }).WriteToAsync(context)
        : AnswerWriter.WriteAsync(context, exchange, since);

    /// <summary>Lets <see cref="CacheFront"/> serve the same request from now on. It does not know callers' tokens, whose answers it must not serve.</summary>
    private void Prepare(HttpContext context, GatewayCall call, CachePlan cache, StoredAnswer stored, ServingWindows windows)
    {
        if (call.Partition!.Owner is null)
        {
            var answer = new PreparedAnswer(stored, windows, context.GetEndpoint()!, tallies.Of(cache.Policy));
            prepared.Add(call.AtStart.Part<Revision>()!, call.Partition.Text, context.Request, answer, cache.Limits);
        }
    }

    private long SecondsLeft(CachePlan cache, StoredAnswer answer) => cache.WindowsOf(answer.IsEmpty).SecondsLeft(table.AgeOf(answer));

    private static GatewayProblem NotStored(GatewayCall call) => GatewayProblem.Of(
        ProblemTypes.NotStored,
        $"Nothing is stored for this request, and only-if-cached keeps the gateway from asking {call.Plan!.UpstreamName.Replace("The", "the", StringComparison.Ordinal)}.",
        "Ask without only-if-cached.");

    private void Record(GatewayCall call, CachePlan cache, CacheResult result, string? status)
    {
        call.Cache = result;
        call.CacheStatus = status;
        tallies.Of(cache.Policy).Count(result);
    }
}
