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
/// The quota of one key: admits a request, lets it wait or refuses it, and learns from each answer. <see cref="KeyBudget"/> decides; this class holds the lock,
/// the timer, the queue of waiting requests, and the calls to the pool that gateways share.
/// </summary>
internal sealed class QuotaAccount : IDisposable
{
    /// <summary>For how long a waiting request may wait for the pool, in addition to the setting.</summary>
    private static readonly TimeSpan PoolTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How often waiting requests are looked at while no window runs and only the pool can help.</summary>
    private static readonly TimeSpan PoolInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _clock;
    private readonly Func<QuotaOptions> _options;
    private readonly QuotaMetrics? _metrics;
    private readonly Lock _lock = new();
    private readonly KeyBudget _budget;
    private readonly QuotaQueue _queue = new();
    private readonly ITimer _timer;
    private readonly IQuotaPool? _pool;
    private readonly SharedPart? _shared;
    private readonly string _name;
    private int _waitingForPool;

    /// <param name="options">The settings in force.</param>
    /// <param name="metrics">Counts waiting and refused requests; null to count nothing.</param>
    /// <param name="clock">The clock. Its timestamps do not jump.</param>
    /// <param name="pool">The pool that is shared with other gateways; null if nothing is shared.</param>
    /// <param name="name">The name by which the gateways know the key.</param>
    public QuotaAccount(Func<QuotaOptions> options, QuotaMetrics? metrics, TimeProvider clock, IQuotaPool? pool, string name)
    {
        (_options, _metrics, _clock, _pool, _name) = (options, metrics, clock, pool, name);
        _budget = new KeyBudget(options);
        _shared = pool is null ? null : new SharedPart();
        _timer = clock.CreateTimer(static account => ((QuotaAccount)account!).Settle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>True if no request is on its way or waits.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
                return Window.InFlight == 0 && _queue.IsEmpty;
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
                return Window.InFlight == 0 && Window.Ends is null && _queue.IsEmpty;
            }
        }
    }

    private QuotaWindow Window => _budget.Window;

    /// <summary>Admits or refuses a request at once.</summary>
    public QuotaLease Take(in UpstreamDemand demand)
    {
        lock (_lock)
        {
            var now = Begin();
            var consumer = _budget.Ask(demand);
            return TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now);
        }
    }

    /// <summary>Admits a request at once, or as soon as the pool, an answer or the next window allows it; refuses it if that would take longer than it may wait.</summary>
    public ValueTask<RateLimitLease> TakeAsync(in UpstreamDemand demand, CancellationToken cancellation)
    {
        QuotaQueue.Waiter waiter;
        lock (_lock)
        {
            var now = Begin();
            var consumer = _budget.Ask(demand);
            if (_queue.IsEmpty && TryTake(demand, consumer, now) is { } lease)
                return new(lease);
            if (Asking(demand, consumer, now) is { } asking)
                return new(TakeAfterAsync(asking, demand, consumer, cancellation));
            if (!MayWait(demand, consumer, now))
                return new(TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now));

            waiter = Enqueue(demand, consumer, now);
        }

        return new(WaitAsync(waiter, waiter.Since, cancellation));
    }

    /// <summary>
    /// Asks the pool for another block, which takes about as long as a request to Redis, until there is one for this request too or the pool has none left.
    /// </summary>
    private async Task<RateLimitLease> TakeAfterAsync(Task asking, UpstreamDemand demand, ConsumerUse consumer, CancellationToken cancellation)
    {
        var since = Now;
        Interlocked.Increment(ref _waitingForPool);
        try
        {
            while (true)
            {
                await asking.WaitAsync(cancellation);
                lock (_lock)
                {
                    var now = Begin();
                    if (TryTake(demand, consumer, now) is { } lease)
                        return lease;
                    if (Asking(demand, consumer, now) is not { } again)
                        break;

                    asking = again;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waitingForPool);
            WriteWait(demand, since);
        }

        QuotaQueue.Waiter waiter;
        lock (_lock)
        {
            var now = Begin();
            if (!MayWait(demand, consumer, now))
                return TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now);

            waiter = Enqueue(demand, consumer, now);
        }

        return await WaitAsync(waiter, since, cancellation);
    }

    private QuotaQueue.Waiter Enqueue(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        var waiter = new QuotaQueue.Waiter(demand, consumer, now);
        _queue.Add(waiter);
        SetTimer(now);
        _metrics?.Waited(demand);
        return waiter;
    }

    /// <summary>The call to the pool, if only the pool can let the request through; null if nothing is shared, or it is too soon to ask again.</summary>
    private Task? Asking(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (_shared is null || !_budget.IsCounting)
            return null;

        if (_budget.MayTake(demand, consumer, now))
            return _shared.Asking ?? (_shared.IsWorthAsking(demand.Class == RequestClass.Write, now) ? Ask(demand.Class, now) : null);

        if (_shared.Asking is null && _shared.IsReportDue(now))
            Ask(demand.Class, now, wanted: 0); // what the other gateways' consumers leave may be for this one
        return null;
    }

    private Task Ask(RequestClass @class, TimeSpan now, int? wanted = null)
    {
        var block = @class == RequestClass.Write ? 1 : SharedPart.BlockFor(Window.Own, Volatile.Read(ref _waitingForPool));
        var claim = new QuotaClaim(
            _name, wanted ?? block, _budget.Kept(@class), Window.Limit, Window.Length, Window.KnownEnd(now), Window.InFlight, Window.Counted,
            ConsumerReport.Write(_budget.Report()));
        var window = _budget.Windows;
        return _shared!.Asking = Task.Run(() => AskAsync(claim, isForWrites: @class == RequestClass.Write, window));
    }

    private async Task AskAsync(QuotaClaim claim, bool isForWrites, int window)
    {
        var block = await _pool!.TakeAsync(claim);
        lock (_lock)
        {
            var now = Begin();
            _shared!.Asking = null;
            var isLate = window != _budget.Windows;
            _shared.Receive(block is { } late && isLate ? late with { Granted = 0 } : block, claim.Wanted, isForWrites, Window.Own, now);
            Window.Siblings = _shared.Siblings;
            if (block is { } given && !isLate)
                _budget.Receive(given.Others.SelectMany(ConsumerReport.Read));
            SettleWaiting(now);
        }
    }

    /// <summary>To be called when Cal.com has answered a request.</summary>
    public void Answered(HttpResponseMessage answer, TimeSpan sentAt)
    {
        var told = QuotaHeaders.In(answer, _clock);
        lock (_lock)
        {
            var now = Begin();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests && QuotaReset.IsOfAccount(answer))
                Window.Close(RetryAfter.In(answer, _clock.GetUtcNow()) ?? RetryAfter.DefaultFor((int)answer.StatusCode), now);
            else if (told is { } headers)
                Window.Answered(headers, sentAt, now);
            else
                Window.Answered(answer.StatusCode);
            SettleWaiting(now);
        }
    }

    /// <summary>To be called when a request was sent and gets no answer.</summary>
    public void RecordLost()
    {
        lock (_lock)
        {
            var now = Begin();
            Window.RecordLost(now);
            SettleWaiting(now);
        }
    }

    /// <summary>To be called when an admitted request was not sent.</summary>
    public void Return(ConsumerUse consumer)
    {
        lock (_lock)
        {
            var now = Begin();
            Window.Return();
            consumer.Used = Math.Max(0, consumer.Used - 1);
            SettleWaiting(now);
        }
    }

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

    public void Dispose() => _timer.Dispose();

    private TimeSpan Begin()
    {
        var now = Now;
        if (_budget.Roll(now))
            _shared?.BeginWindow(now);
        return now;
    }

    private QuotaLease? TryTake(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (_budget.IsCounting)
        {
            var isWrite = demand.Class == RequestClass.Write;
            if (!_budget.MayTake(demand, consumer, now) || _shared?.HasOne(isWrite, Window.Own, Window.Limit, _budget.Kept(demand.Class)) == false)
                return null;

            _shared?.Take(isWrite);
        }

        Window.Take(now);
        consumer.Used++;
        if (_shared is { Asking: null } && Window.IsCounted == true && _shared.IsLow(now, Window.Own))
            Ask(RequestClass.Read, now);
        return new QuotaLease(this, consumer);
    }

    /// <summary>Whether the request may wait: it is worth it, and neither the queue nor the consumer's part of it is full.</summary>
    private bool MayWait(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now) =>
        demand.MayWait && QuotaQueue.Takes(demand.Class) && IsWorthWaiting(demand, consumer, now, waited: TimeSpan.Zero)
        && _queue.HasRoom(demand.Class, Window.Limit) && consumer.WaitingBy[(int)demand.Class] < _budget.MaxWaiting(consumer);

    private bool IsWorthWaiting(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now, TimeSpan waited)
    {
        var left = _options().Wait - waited;
        return Window.Ends - now <= left || (left > TimeSpan.Zero && _budget.MayTakeOnceAnswered(demand, consumer, now));
    }

    private async Task<RateLimitLease> WaitAsync(QuotaQueue.Waiter waiter, TimeSpan since, CancellationToken cancellation)
    {
        await using var giveUp = cancellation.Register(static state =>
        {
            var (account, waiter, cancellation) = ((QuotaAccount, QuotaQueue.Waiter, CancellationToken))state!;
            account.Cancel(waiter, cancellation);
        }, (this, waiter, cancellation));
        try
        {
            return await waiter.Result.Task;
        }
        finally
        {
            WriteWait(waiter.Demand, since); // also where the caller hung up
        }
    }

    private void WriteWait(in UpstreamDemand demand, TimeSpan since) => UpstreamTags.WriteWait(UpstreamTags.QuotaWaited, Now - since, QuotaMetrics.NameOf(demand.Class));

    /// <summary>Removes a request from the queue whose caller has hung up.</summary>
    private void Cancel(QuotaQueue.Waiter waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (QuotaQueue.Remove(waiter))
                waiter.Result.TrySetCanceled(cancellation);
        }
    }

    private void Settle()
    {
        lock (_lock)
            SettleWaiting(Begin());
    }

    /// <summary>Admits waiting requests as far as the budget allows, and refuses those for which waiting is no longer worth it.</summary>
    private void SettleWaiting(TimeSpan now)
    {
        if (_queue.IsEmpty)
            return;

        foreach (var waiter in _queue.All)
        {
            if (TryTake(waiter.Demand, waiter.Consumer, now) is { } lease)
            {
                QuotaQueue.Remove(waiter);
                waiter.Result.TrySetResult(lease);
            }
            else if ((Window.Ends is not null && !IsWorthWaiting(waiter.Demand, waiter.Consumer, now, now - waiter.Since)) || now - waiter.Since > _options().Wait + PoolTimeout)
            {
                QuotaQueue.Remove(waiter);
                waiter.Result.TrySetResult(Refuse(waiter.Demand, waiter.Consumer, now));
            }
        }

        if (_queue.All is not [var first, ..])
            return;

        Asking(first.Demand, first.Consumer, now);
        SetTimer(now);
    }

    private void SetTimer(TimeSpan now)
    {
        var wait = Window.Ends is { } ends ? ends - now : PoolInterval;
        if (wait > _options().Wait)
            wait = _queue.All.Min(waiter => waiter.Since) + _options().Wait - now; // they wait for an answer; the first of them must be refused then
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private QuotaLease Refuse(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (QuotaQueue.Takes(demand.Class))
            consumer.Refused++; // a refresh or a confirmation that is put off is no caller's loss
        _metrics?.Refused(demand);
        return new QuotaLease(this, QuotaRefusals.Of(demand, Window.Limit, Window.Left, Window.ResetsIn(now) ?? Window.Length));
    }
}
