using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// The requests that wait for a key's quota: which requests may wait, for how long, and when the next look at them is due. Not thread-safe: the account holds
/// a lock.
/// </summary>
internal sealed class WaitingRequests : IDisposable
{
    /// <summary>For how long a request may wait for the pool that gateways share, in addition to the setting.</summary>
    private static readonly TimeSpan PoolTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How often the requests are looked at while no window runs and only the pool can help.</summary>
    private static readonly TimeSpan PoolInterval = TimeSpan.FromMilliseconds(20);

    private readonly QuotaQueue _queue = new();
    private readonly KeyBudget _budget;
    private readonly Func<TimeSpan> _maxWait;
    private readonly ITimer _timer;

    /// <param name="maxWait">For how long a request may wait, in the settings in force.</param>
    /// <param name="look">Is called when the next look is due.</param>
    public WaitingRequests(KeyBudget budget, Func<TimeSpan> maxWait, TimeProvider clock, Action look)
    {
        (_budget, _maxWait) = (budget, maxWait);
        _timer = clock.CreateTimer(static look => ((Action)look!)(), look, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsEmpty => _queue.IsEmpty;

    /// <inheritdoc cref="QuotaQueue.All"/>
    public IReadOnlyList<QuotaQueue.Waiter> All => _queue.All;

    private QuotaWindow Window => _budget.Window;

    /// <summary>Whether a request may wait: it is worth it, and neither the queue nor the consumer's part of it is full.</summary>
    public bool MayWait(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now) =>
        demand.MayWait && QuotaQueue.Takes(demand.Class) && IsWorthWaiting(demand, consumer, now, waited: TimeSpan.Zero)
        && _queue.HasRoom(demand.Class, Window.Limit) && consumer.WaitingBy[(int)demand.Class] < _budget.MaxWaiting(consumer);

    public QuotaQueue.Waiter Add(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        var waiter = new QuotaQueue.Waiter(demand, consumer, now);
        _queue.Add(waiter);
        SetTimer(now);
        return waiter;
    }

    /// <summary>Whether a request must be refused now, because more waiting would not help or is not allowed.</summary>
    public bool IsOver(QuotaQueue.Waiter waiter, TimeSpan now)
    {
        var waited = now - waiter.Since;
        return (Window.Ends is not null && !IsWorthWaiting(waiter.Demand, waiter.Consumer, now, waited)) || waited > _maxWait() + PoolTimeout;
    }

    /// <summary>Ends the wait of a request with what it gets: a lease that admits or refuses it.</summary>
    public static void Complete(QuotaQueue.Waiter waiter, RateLimitLease lease)
    {
        QuotaQueue.Remove(waiter);
        waiter.Result.TrySetResult(lease);
    }

    /// <summary>Ends the wait of a request whose caller has hung up.</summary>
    public static void Cancel(QuotaQueue.Waiter waiter, CancellationToken cancellation)
    {
        if (QuotaQueue.Remove(waiter))
            waiter.Result.TrySetCanceled(cancellation);
    }

    public void SetTimer(TimeSpan now)
    {
        var wait = Window.Ends is { } ends ? ends - now : PoolInterval;
        if (wait > _maxWait())
            wait = _queue.All.Min(waiter => waiter.Since) + _maxWait() - now; // they wait for an answer; the first of them must be refused then
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private bool IsWorthWaiting(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now, TimeSpan waited)
    {
        var left = _maxWait() - waited;
        return Window.Ends - now <= left || (left > TimeSpan.Zero && _budget.MayTakeOnceAnswered(demand, consumer, now));
    }
}
