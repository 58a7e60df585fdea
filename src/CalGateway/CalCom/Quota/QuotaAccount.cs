using System.Net;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota.Counting;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota;

/// <summary>The quota of one key: gives, lets wait or refuses, and learns from each answer. The window and the shares decide; this holds the lock and the timer.</summary>
internal sealed class QuotaAccount : IDisposable
{
    /// <summary>How long who waits may wait for the pool beside the window.</summary>
    private static readonly TimeSpan PoolPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PoolPause = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _clock;
    private readonly Func<QuotaOptions> _options;
    private readonly QuotaMetrics? _metrics;
    private readonly Lock _lock = new();
    private readonly QuotaWindow _window = new();
    private readonly ConsumerTable _consumers = new();
    private readonly QuotaQueue _queue = new();
    private readonly ITimer _timer;
    private readonly IQuotaPool? _pool;
    private readonly string _name;
    private int _waitingForPool;
    private readonly SharedPart? _shared;
    private int _windows;

    /// <param name="options">The settings in force.</param>
    /// <param name="metrics">Counts who waits and who is refused; null where nobody looks.</param>
    /// <param name="clock">Its timestamps do not jump.</param>
    /// <param name="pool">What is shared with other gateways; null for nothing.</param>
    /// <param name="name">By which they know the key.</param>
    public QuotaAccount(Func<QuotaOptions> options, QuotaMetrics? metrics, TimeProvider clock, IQuotaPool? pool, string name)
    {
        (_options, _metrics, _clock, _pool, _name) = (options, metrics, clock, pool, name);
        _shared = pool is null ? null : new SharedPart();
        _timer = clock.CreateTimer(static account => ((QuotaAccount)account!).Settle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>Nothing is on its way, and nobody waits.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
                return _window.InFlight == 0 && _queue.IsEmpty;
        }
    }

    /// <summary>Nothing would be lost with it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                _window.Roll(Now);
                return _window.InFlight == 0 && _window.Ends is null && _queue.IsEmpty;
            }
        }
    }

    /// <summary>Gives one, or refuses; the one or the other at once.</summary>
    public QuotaLease Take(in UpstreamDemand demand)
    {
        lock (_lock)
        {
            var now = Begin();
            var consumer = _consumers.Ask(demand.Consumer, demand.Share);
            return TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now);
        }
    }

    /// <summary>Gives one, at once or as soon as the window ends, where that is soon enough to be waited for.</summary>
    public ValueTask<RateLimitLease> TakeAsync(in UpstreamDemand demand, CancellationToken cancellation)
    {
        QuotaQueue.Waiter waiter;
        lock (_lock)
        {
            var now = Begin();
            var consumer = _consumers.Ask(demand.Consumer, demand.Share);
            if (_queue.IsEmpty && TryTake(demand, consumer, now) is { } lease)
                return new(lease);
            if (Asking(demand, consumer, now) is { } asking)
                return new(TakeAfterAsync(asking, demand, consumer, cancellation));
            if (!MayWait(demand, consumer, now))
                return new(TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now));

            waiter = Enqueue(demand, consumer, now);
        }

        return new(WaitAsync(waiter, cancellation));
    }

    /// <summary>
    /// Asks the pool for another block, which takes about as long as a request to Redis, until there is one for this request too or the pool has none left.
    /// </summary>
    private async Task<RateLimitLease> TakeAfterAsync(Task asking, UpstreamDemand demand, ConsumerUse consumer, CancellationToken cancellation)
    {
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
        }

        QuotaQueue.Waiter waiter;
        lock (_lock)
        {
            var now = Begin();
            if (!MayWait(demand, consumer, now))
                return TryTake(demand, consumer, now) ?? Refuse(demand, consumer, now);

            waiter = Enqueue(demand, consumer, now);
        }

        return await WaitAsync(waiter, cancellation);
    }

    private QuotaQueue.Waiter Enqueue(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        var waiter = new QuotaQueue.Waiter(demand, consumer, now);
        _queue.Add(waiter);
        SetTimer(now);
        _metrics?.Waited(demand);
        return waiter;
    }

    /// <summary>The pool's answer, where all but the pool lets the request through; null where nothing is shared, or it is too soon to ask again.</summary>
    private Task? Asking(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (_shared is null || !_options().Enabled || _window.IsCounted == false || !IsFairFor(demand, consumer, now))
            return null;

        return _shared.Asking ?? (_shared.IsWorthAsking(now) ? Ask(demand.Class, now) : null);
    }

    private Task Ask(RequestClass @class, TimeSpan now)
    {
        var wanted = @class == RequestClass.Write ? 1 : SharedPart.BlockFor(_window.Own, Volatile.Read(ref _waitingForPool));
        var claim = new QuotaClaim(
            _name, wanted, Kept(@class), _window.Limit, _window.Length, _window.KnownEnd(now), _window.InFlight, _window.Counted);
        var window = _windows;
        return _shared!.Asking = Task.Run(() => AskAsync(claim, window));
    }

    private async Task AskAsync(QuotaClaim claim, int window)
    {
        var block = await _pool!.TakeAsync(claim);
        lock (_lock)
        {
            var now = Begin();
            _shared!.Asking = null;
            _shared.Receive(window == _windows ? block : block is { } late ? late with { Granted = 0 } : null, claim.Wanted, _window.Own, now);
            _window.Siblings = _shared.Siblings;
            SettleWaiting(now);
        }
    }

    /// <summary>Cal.com has answered a request.</summary>
    public void Answered(HttpResponseMessage answer, TimeSpan sentAt)
    {
        var told = QuotaHeaders.In(answer, _clock);
        lock (_lock)
        {
            var now = Begin();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests && QuotaReset.IsOfAccount(answer))
                _window.Close(RetryAfter.SaidBy(answer, _clock.GetUtcNow()) ?? RetryAfter.Usual((int)answer.StatusCode), now);
            else if (told is { } headers)
                _window.Answered(headers, sentAt, now);
            else
                _window.Answered(isRouteMiss: answer.StatusCode == HttpStatusCode.NotFound);
            SettleWaiting(now);
        }
    }

    /// <summary>A request was sent and gets no answer.</summary>
    public void Lose()
    {
        lock (_lock)
            _window.Lose(Begin());
    }

    /// <summary>What was taken was not sent.</summary>
    public void Return(ConsumerUse consumer)
    {
        lock (_lock)
        {
            var now = Begin();
            _window.Return();
            consumer.Used = Math.Max(0, consumer.Used - 1);
            SettleWaiting(now);
        }
    }

    /// <summary>What a class of requests may use at once; null where nothing is known.</summary>
    public int? FreeFor(RequestClass @class)
    {
        lock (_lock)
        {
            var now = Begin();
            return _window.IsCounted == true && _window.Ends is not null ? Free(@class, now) : null;
        }
    }

    public QuotaState Read()
    {
        lock (_lock)
        {
            var now = Begin();
            var uses = _consumers.Active.Select(consumer => new ConsumerState(consumer.Name, consumer.Used, consumer.Refused, consumer.Waiting));
            return new QuotaState(
                _window.Limit, _window.IsCounted == true && _window.Ends is not null ? _window.Left : null, _window.ResetsIn(now), _window.Length, _window.Foreign, [.. uses]);
        }
    }

    /// <summary>What a consumer has of the window that runs, and what is left of that for it.</summary>
    /// <param name="name">The consumer's.</param>
    public QuotaBudget? BudgetOf(string? name)
    {
        lock (_lock)
        {
            var now = Begin();
            if (_window.IsCounted == false)
                return null;

            var own = _consumers.Active.FirstOrDefault(consumer => string.Equals(consumer.Name, name, StringComparison.OrdinalIgnoreCase));
            Divide(now);
            var free = Free(RequestClass.Read, now);
            if (own is null || _consumers.Active.Count < 2)
                return new QuotaBudget(_window.Limit, Math.Max(0, free), _window.Length, _window.ResetsIn(now));

            var needed = _consumers.Active.Where(consumer => consumer != own).Sum(consumer => consumer.Need);
            var left = Math.Clamp(Math.Max((int)Math.Round(own.Protected) - own.Used, free - needed), 0, Math.Max(0, free));
            return new QuotaBudget((int)Math.Round(own.Fair), left, _window.Length, _window.ResetsIn(now));
        }
    }

    public void Dispose() => _timer.Dispose();

    private TimeSpan Begin()
    {
        var now = Now;
        if (_window.Roll(now))
        {
            _windows++;
            _consumers.BeginWindow();
            _shared?.BeginWindow(now);
        }

        return now;
    }

    private QuotaLease? TryTake(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now, TimeSpan waited = default)
    {
        if (_options().Enabled && _window.IsCounted != false)
        {
            if (!IsFairFor(demand, consumer, now) || _shared?.HasOne(_window.Own, _window.Limit) == false)
                return null;

            _shared?.Take();
        }

        _window.Take(now);
        consumer.Used++;
        if (_shared is { Asking: null } && _window.IsCounted == true && _shared.IsLow(now, _window.Own))
            Ask(RequestClass.Read, now);
        return new QuotaLease(this, consumer) { Waited = waited };
    }

    private bool IsFairFor(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        Divide(now);
        return FairShares.MayTake(consumer, _consumers.Active, Free(demand.Class, now), isWrite: demand.Class == RequestClass.Write);
    }

    private void Divide(TimeSpan now) => _consumers.Divide(
        capacity: _window.Limit - _window.Foreign - _window.ForeignToCome(now), kept: Kept(RequestClass.Read),
        rest: _window.Ends is { } ends ? Math.Clamp((ends - now) / _window.Length, 0, 1) : 1, now);

    /// <summary>What is left for a class of requests. After an outage one read may use what is kept for writes: its answer tells what Cal.com has counted.</summary>
    private int Free(RequestClass @class, TimeSpan now) =>
        _window.Left - _window.ForeignToCome(now) - (@class == RequestClass.Read && _window.IsUncertain ? 0 : Kept(@class));

    private int Kept(RequestClass @class)
    {
        var options = _options();
        var part = @class switch
        {
            RequestClass.Write => 0,
            RequestClass.Read => options.KeptForWrites,
            RequestClass.Refresh => Math.Max(options.KeptForWrites, options.KeptFromRefreshes),
            _ => Math.Max(options.KeptForWrites, options.KeptFromCuriosity),
        };
        return (int)(part * _window.Limit);
    }

    /// <summary>Where the window ends soon enough, and there will be something in the next one for those who wait already and for this one.</summary>
    private bool MayWait(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (!demand.MayWait || !QuotaQueue.Takes(demand.Class) || _window.Ends is not { } ends || ends - now > _options().Wait)
            return false;

        var shares = _consumers.Active.Sum(other => other.Share);
        return _queue.HasRoom(demand.Class, _window.Limit) && consumer.WaitingBy[(int)demand.Class] < Math.Max(1, Math.Ceiling(_window.Limit * consumer.Share / shares));
    }

    private async Task<RateLimitLease> WaitAsync(QuotaQueue.Waiter waiter, CancellationToken cancellation)
    {
        await using var giveUp = cancellation.Register(static state =>
        {
            var (account, waiter, cancellation) = ((QuotaAccount, QuotaQueue.Waiter, CancellationToken))state!;
            account.GiveUp(waiter, cancellation);
        }, (this, waiter, cancellation));
        return await waiter.Result.Task;
    }

    /// <summary>Whoever hangs up leaves its place to others.</summary>
    private void GiveUp(QuotaQueue.Waiter waiter, CancellationToken cancellation)
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

    /// <summary>Serves those who wait as far as there is something for them, and refuses those whose window has come to end too late.</summary>
    private void SettleWaiting(TimeSpan now)
    {
        if (_queue.IsEmpty)
            return;

        foreach (var waiter in _queue.All)
        {
            if (TryTake(waiter.Demand, waiter.Consumer, now, now - waiter.Since) is { } lease)
            {
                QuotaQueue.Remove(waiter);
                waiter.Result.TrySetResult(lease);
            }
            else if (_window.Ends - now > _options().Wait - (now - waiter.Since) || now - waiter.Since > _options().Wait + PoolPatience)
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
        var wait = _window.Ends is { } ends ? ends - now : PoolPause;
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private QuotaLease Refuse(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        consumer.Refused++;
        _metrics?.Refused(demand);
        return new QuotaLease(this, QuotaRefusals.Of(demand, _window.Limit, _window.Left, _window.ResetsIn(now) ?? _window.Length));
    }
}
