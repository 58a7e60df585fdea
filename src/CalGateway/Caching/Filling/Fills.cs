using System.Collections.Concurrent;
using System.Diagnostics;
using CalGateway.Caching.Filling.Answers;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Filling;

/// <summary>
/// Single flight: at most one request to Cal.com for each key, for all callers that want the answer. It continues when they hang up. A failure is given to
/// the callers that follow, for as long as <see cref="FailureMemory"/> holds it.
/// </summary>
internal sealed partial class Fills : IDisposable
{
    /// <summary>Limits concurrent fills, because an abandoned fill still holds its body.</summary>
    public const int MaxInFlight = 128;

    /// <summary>
    /// Limits the memory of bodies in flight, in bytes, in addition to the memory of the cache. A body counts from its first byte until the last caller that
    /// waited has been sent it, so slow callers count, too.
    /// </summary>
    private const long MaxBodyBytes = 40 << 20;

    private readonly ConcurrentDictionary<string, Fill> _inFlight = new(StringComparer.Ordinal);
    private readonly Budget _bodies;
    private readonly FailureMemory _failures;
    private readonly Fetch _fetch;
    private readonly FilledAnswers _filled;
    private readonly RefreshErrors _errors;
    private readonly Evictions _evictions;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Guards fills in flight together with remembered failures, so that each request finds one or the other.</summary>
    private readonly Lock _changing = new();

    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationToken _end;

    private int _running;

    /// <summary>The fills that run, and those whose answer is still being compressed and shared.</summary>
    private int _unfinished;

    private TaskCompletionSource? _idle;

    public Fills(
        Fetch fetch, FilledAnswers filled, FailureMemory failures, Evictions evictions, RefreshErrors errors, TimeProvider clock,
        ILogger<Fills> logger)
    {
        (_fetch, _filled, _failures, _evictions, _errors, _clock, _logger) = (fetch, filled, failures, evictions, errors, clock, logger);
        _bodies = new Budget(MaxBodyBytes, clock);
        _end = _cancelled.Token;
        evictions.Evicting += Supersede;
    }

    /// <summary>Joins the fill that is in flight for the key, or starts one.</summary>
    /// <param name="stored">The stored answer that is to be confirmed or replaced; null for none.</param>
    public FillTicket Join(HttpContext caller, CachePlan plan, string key, StoredAnswer? stored, FillPurpose purpose)
    {
        // Without the lock, because this is the common case: every request for a stale answer comes here while one fill is in flight.
        if (purpose != FillPurpose.Demanded && _inFlight.TryGetValue(key, out var running))
            return new FillTicket.Joined(running);

        lock (_changing)
        {
            var current = _inFlight.GetValueOrDefault(key);
            if (current is not null && purpose != FillPurpose.Demanded)
                return new FillTicket.Joined(current);

            // A caller that demands Cal.com's own answer must not get one that was requested earlier. For any number of such callers, one fill runs and one waits.
            if (current is { IsDemanded: true })
                return Queue(current, caller, plan, key, stored);

            var failure = current is null ? _failures.Find(key) : null;
            if (failure?.AllowsAnotherAttempt(plan.Limits.LargestBody) == false)
                return new FillTicket.Remembered(failure);
            if (_running >= MaxInFlight)
                return new FillTicket.Busy();

            var fill = new Fill(
                key, plan, OwnerOf(caller), failure is null ? 1 : failure.Attempt + 1, isDemanded: purpose == FillPurpose.Demanded, older: current);
            Start(new FillJob(fill, RequestFor(caller, plan, stored, purpose), stored, purpose, Activity.Current));
            return new FillTicket.Started(fill);
        }
    }

    /// <summary>Completes when no fill is in flight.</summary>
    public Task WhenIdleAsync()
    {
        lock (_changing)
            return _unfinished == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Cancels all fills, because the gateway stops and has waited as long as it may.</summary>
    public void Cancel() => _cancelled.Cancel();

    public void Dispose() => _cancelled.Dispose();

    private FillTicket Queue(Fill current, HttpContext caller, CachePlan plan, string key, StoredAnswer? stored)
    {
        if (current.Next is { } queued)
            return new FillTicket.Joined(queued.Fill);

        var fill = new Fill(key, plan, OwnerOf(caller), attempt: 1, isDemanded: true);
        current.Next = new FillJob(fill, RequestFor(caller, plan, stored, FillPurpose.Demanded), stored, FillPurpose.Demanded, Activity.Current);
        return new FillTicket.Started(fill);
    }

    private static string? OwnerOf(HttpContext caller) => GatewayCall.Of(caller).Partition!.Owner;

    private FillRequest RequestFor(HttpContext caller, CachePlan plan, StoredAnswer? stored, FillPurpose purpose) =>
        new(caller, purpose, hasSubstitute: stored is not null, plan.Limits.LargestBody, _bodies, plan.Limits.Deadline, _clock, _end);

    private void Start(FillJob job)
    {
        _inFlight[job.Fill.Key] = job.Fill;
        _running++;
        _unfinished++;
        _ = Task.Run(() =>
        {
            Activity.Current = job.Cause;
            return RunAsync(job);
        });
    }

    private async Task RunAsync(FillJob job)
    {
        var fill = job.Fill;
        fill.Keep(job.Request.Reservation);
        using (job.Request)
        {
            var result = await AskAsync(job);
            if (fill.Owner is { } owner && result is FillResult.FromUpstream { Exchange.Problem.EndsToken: true })
                _evictions.EvictToken(owner);

            End(fill, result);
            _errors.Record(fill.Plan, result);
            _filled.Add(result, fill, job.Request.Account);
        }

        fill.RemoveUser();
        Finish();
    }

    private void Finish()
    {
        lock (_changing)
        {
            if (--_unfinished == 0)
                _idle?.TrySetResult();
        }
    }

    private async Task<FillResult> AskAsync(FillJob job)
    {
        using var trace = job.Purpose == FillPurpose.Refresh ? GatewayActivities.StartTrace("cache refresh", Activity.Current?.Context) : null;
        try
        {
            return await _fetch.RunAsync(job.Fill, job.Request, job.Stored) with { At = _clock.GetTimestamp() };
        }
        catch (Exception failure)
        {
            Log.Bug(_logger, failure, job.Request.TraceId);
            return FillResult.OfBug;
        }
    }

    private void End(Fill fill, FillResult result)
    {
        lock (_changing)
        {
            _running--;

            // If it is not there any more, an eviction or a newer fill has come between, and the failure is out of date.
            if (_inFlight.TryRemove(KeyValuePair.Create(fill.Key, fill)))
            {
                if (result is FillResult.Failed { Kind: not AnswerClass.NotAdmitted } failed && result != FillResult.OfBug)
                    _failures.Remember(new RememberedFailure(failed, fill.Key, fill.Plan, fill.Owner, fill.Attempt));
                else
                    _failures.Forget(fill.Key);
            }

            fill.Complete(result);
            if (fill.Next is { } next)
                StartNext(next);
        }
    }

    /// <summary>Starts a queued fill, unless the last fill has failed, or a newer fill is in flight, whose result is then used.</summary>
    private void StartNext(FillJob next)
    {
        var fill = next.Fill;
        if (_inFlight.TryGetValue(fill.Key, out var other))
            _ = PassOnAsync(other, fill);
        else if (_failures.Find(fill.Key) is { } failure && !failure.AllowsAnotherAttempt(fill.Plan.Limits.LargestBody))
            fill.Complete(failure.Result);
        else
        {
            Start(next);
            return;
        }

        next.Request.Dispose();
    }

    private static async Task PassOnAsync(Fill from, Fill to) => to.Complete(await from.Result);

    /// <summary>Fills in flight and remembered failures may be older than a write. Their answers are not stored, and requests from now on ask again.</summary>
    private void Supersede(EvictionScope scope)
    {
        lock (_changing)
        {
            foreach (var (key, fill) in _inFlight)
            {
                if (!fill.IsIn(scope))
                    continue;

                fill.Supersede();
                _inFlight.TryRemove(KeyValuePair.Create(key, fill));
            }

            _failures.Forget(scope);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A request for the cache failed inside the gateway; this is a bug, trace={TraceId}")]
        public static partial void Bug(ILogger logger, Exception failure, string traceId);
    }
}
