using System.Net;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota.Counting;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// The quota of one key: admits a request, lets it wait or refuses it, and learns from each answer. <see cref="KeyBudget"/> decides who may send,
/// <see cref="WaitingRequests"/> who may wait, <see cref="PoolExchange"/> shares the key with other gateways. This class holds the lock of all three.
/// </summary>
internal sealed class QuotaAccount : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly QuotaMetrics? _metrics;
    private readonly Lock _lock = new();
    private readonly KeyBudget _budget;
    private readonly WaitingRequests _waiting;
    private readonly PoolExchange? _pool;

    /// <param name="name">The name by which the gateways know the key.</param>
    public QuotaAccount(Func<QuotaOptions> options, QuotaMetrics? metrics, TimeProvider clock, IQuotaPool? pool, string name)
    {
        (_clock, _metrics) = (clock, metrics);
        _budget = new KeyBudget(options);
        _pool = pool is null ? null : new PoolExchange(pool, name, _budget, Update);
        _waiting = new WaitingRequests(_budget, () => options().Wait, clock, look: () => Update(static _ => { }));
    }

    public TimeSpan Now => _clock.GetElapsedTime(0);

    public bool IsQuiet
    {
        get
        {
            lock (_lock)
                return Window.InFlight == 0 && _waiting.IsEmpty;
        }
    }

    /// <summary>True if the account holds no state that matters, so that it can be removed.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                Begin();
                return Window.InFlight == 0 && Window.Ends is null && _waiting.IsEmpty;
            }
        }
    }

    private QuotaWindow Window => _budget.Window;

    public QuotaLease Take(in UpstreamDemand demand)
    {
        lock (_lock)
        {
            var now = Begin();
            var consumer = _budget.Consumers.Ask(demand.Consumer, demand.Share);
            return TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now);
        }
    }

    /// <summary>Admits a request at once, or as soon as the pool, an answer or the next window allows it; refuses it if that would take longer than it may wait.</summary>
    public ValueTask<RateLimitLease> TakeAsync(in UpstreamDemand demand, CancellationToken cancellation)
    {
        ConsumerUse consumer;
        Step step;
        lock (_lock)
        {
            var now = Begin();
            consumer = _budget.Consumers.Ask(demand.Consumer, demand.Share);
            step = Next(demand, consumer, now, mayOvertake: false);
        }

        return step.Lease is { } lease ? new(lease) : new(WaitAsync(step, demand, consumer, cancellation));
    }

    public void Answered(HttpResponseMessage answer, TimeSpan sentAt)
    {
        var quota = QuotaHeaders.In(answer, _clock);
        lock (_lock)
        {
            var now = Begin();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests && QuotaReset.IsOfAccount(answer))
                Window.Close(RetryAfter.In(answer, _clock.GetUtcNow()) ?? RetryAfter.DefaultFor((int)answer.StatusCode), now);
            else if (quota is { } headers)
                Window.Answered(headers, sentAt, now);
            else
                Window.Answered(answer.StatusCode);
            SettleWaiting(now);
        }
    }

    public void RecordLost() => Update(Window.RecordLost);

    public void Return(ConsumerUse consumer) => Update(_ =>
    {
        Window.Return();
        consumer.Used = Math.Max(0, consumer.Used - 1);
    });

    /// <inheritdoc cref="KeyBudget.FreeFor"/>
    public int? FreeFor(RequestClass @class)
    {
        lock (_lock)
            return _budget.FreeFor(@class, Begin());
    }

    public QuotaState Read()
    {
        lock (_lock)
            return _budget.Read(Begin());
    }

    /// <inheritdoc cref="KeyBudget.BudgetOf"/>
    public QuotaBudget? BudgetOf(string? name)
    {
        lock (_lock)
            return _budget.BudgetOf(name, Begin());
    }

    public void Dispose() => _waiting.Dispose();

    /// <summary>Decides about a request: admits or refuses it, or says what it has to wait for. To be called under the lock.</summary>
    private Step Next(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now, bool mayOvertake)
    {
        if ((mayOvertake || _waiting.IsEmpty) && TryTake(demand, consumer, now) is { } lease)
            return new Step(lease);
        if (_pool?.CallFor(demand, consumer, now) is { } call)
            return new Step(PoolCall: call);
        if (!_waiting.MayWait(demand, consumer, now))
            return new Step(TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now));

        _metrics?.Waited(demand);
        return new Step(Waiter: _waiting.Add(demand, consumer, now));
    }

    private async Task<RateLimitLease> WaitAsync(Step step, UpstreamDemand demand, ConsumerUse consumer, CancellationToken cancellation)
    {
        var since = Now;
        try
        {
            if (step.PoolCall is { } call)
                step = await WaitForPoolAsync(call, demand, consumer, cancellation);
            return step.Lease ?? await WaitInQueueAsync(step.Waiter!, cancellation);
        }
        finally
        {
            UpstreamTags.WriteWait(UpstreamTags.QuotaWaited, Now - since, QuotaMetrics.NameOf(demand.Class)); // also where the caller hung up
        }
    }

    /// <summary>
    /// Waits for the pool, which takes about as long as a request to Redis, and calls it again until there is a block for this request too or none is left.
    /// </summary>
    private async Task<Step> WaitForPoolAsync(Task call, UpstreamDemand demand, ConsumerUse consumer, CancellationToken cancellation)
    {
        _pool!.AddWaiting(1);
        try
        {
            while (true)
            {
                await call.WaitAsync(cancellation);
                Step step;
                lock (_lock)
                    step = Next(demand, consumer, Begin(), mayOvertake: true);
                if (step.PoolCall is not { } again)
                    return step;

                call = again;
            }
        }
        finally
        {
            _pool.AddWaiting(-1);
        }
    }

    private async Task<RateLimitLease> WaitInQueueAsync(WaitingRequests.Waiter waiter, CancellationToken cancellation)
    {
        await using var giveUp = cancellation.Register(() =>
        {
            lock (_lock)
                waiter.Cancel(cancellation);
        });
        return await waiter.Result;
    }

    private TimeSpan Begin()
    {
        var now = Now;
        if (_budget.Roll(now))
            _pool?.BeginWindow(now);
        return now;
    }

    /// <summary>Changes the state under the lock, and then admits waiting requests as far as it allows.</summary>
    private void Update(Action<TimeSpan> change)
    {
        lock (_lock)
        {
            var now = Begin();
            change(now);
            SettleWaiting(now);
        }
    }

    private QuotaLease? TryTake(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (_budget.IsCounting && (!_budget.MayTake(demand, consumer, now) || _pool?.TryTake(demand.Class) == false))
            return null;

        Window.Take(now);
        consumer.Used++;
        _pool?.RequestEarly(now);
        return new QuotaLease(this, consumer);
    }

    private QuotaLease Refuse(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (WaitingRequests.Takes(demand.Class))
            consumer.Refused++; // a refresh or a confirmation that is put off is no caller's loss
        _metrics?.Refused(demand);
        return new QuotaLease(this, Refusal.NoQuota(demand, Window.Limit, Window.Left, Window.ResetsIn(now) ?? Window.Length));
    }

    /// <summary>Admits waiting requests as far as the budget allows, and refuses those for which waiting is no longer worth it.</summary>
    private void SettleWaiting(TimeSpan now)
    {
        if (_waiting.IsEmpty)
            return;

        foreach (var waiter in _waiting.All)
        {
            if (TryTake(waiter.Demand, waiter.Consumer, now) is { } lease)
                waiter.Complete(lease);
            else if (_waiting.IsOver(waiter, now))
                waiter.Complete(Refuse(waiter.Demand, waiter.Consumer, now));
        }

        if (_waiting.All is not [var first, ..])
            return;

        _pool?.CallFor(first.Demand, first.Consumer, now);
        _waiting.SetTimer(now);
    }

    /// <summary>What becomes of a request. One of the three is set.</summary>
    private readonly record struct Step(QuotaLease? Lease = null, Task? PoolCall = null, WaitingRequests.Waiter? Waiter = null);
}
