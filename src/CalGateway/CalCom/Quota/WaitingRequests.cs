using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// The requests that wait for a key's quota: which requests may wait, for how long, and when the next look at them is due. Writes come before reads, and within
/// a class the order is that of arrival. Not thread-safe: the account holds a lock.
/// </summary>
/// <param name="maxWait">For how long a request may wait, in the settings in force.</param>
/// <param name="look">Is called when the next look is due.</param>
internal sealed class WaitingRequests(KeyBudget budget, Func<TimeSpan> maxWait, TimeProvider clock, Action look) : IDisposable
{
    /// <summary>For how long a request may wait for the pool that gateways share, in addition to the setting.</summary>
    private static readonly TimeSpan PoolTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How often the requests are looked at while no window runs and only the pool can help.</summary>
    private static readonly TimeSpan PoolInterval = TimeSpan.FromMilliseconds(20);

    private readonly LinkedList<Waiter>[] _queues = [new(), new()];
    private readonly ITimer _timer = clock.CreateTimer(static look => ((Action)look!)(), look, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public bool IsEmpty => _queues[0].Count + _queues[1].Count == 0;

    /// <summary>All waiting requests, in the order in which they are served.</summary>
    public IReadOnlyList<Waiter> All => [.. _queues.SelectMany(queue => queue)];

    private QuotaWindow Window => budget.Window;

    /// <summary>Whether requests of a class may wait: only writes and reads of callers do.</summary>
    public static bool Takes(RequestClass @class) => @class is RequestClass.Write or RequestClass.Read;

    /// <summary>Whether a request may wait: it is worth it, and neither the queue nor the consumer's part of it is full.</summary>
    public bool MayWait(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now) =>
        demand.MayWait && Takes(demand.Class) && IsWorthWaiting(demand, consumer, now, waited: TimeSpan.Zero)
        && _queues[(int)demand.Class].Count < Window.Limit && consumer.WaitingBy[(int)demand.Class] < budget.MaxWaiting(consumer);

    public Waiter Add(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        var waiter = new Waiter(demand, consumer, now, _queues[(int)demand.Class]);
        SetTimer(now);
        return waiter;
    }

    /// <summary>Whether a request must be refused now, because more waiting would not help or is not allowed.</summary>
    public bool IsOver(Waiter waiter, TimeSpan now)
    {
        var waited = now - waiter.Since;
        return (Window.Ends is not null && !IsWorthWaiting(waiter.Demand, waiter.Consumer, now, waited)) || waited > maxWait() + PoolTimeout;
    }

    public void SetTimer(TimeSpan now)
    {
        var wait = Window.Ends is { } ends ? ends - now : PoolInterval;
        if (wait > maxWait())
            wait = All.Min(waiter => waiter.Since) + maxWait() - now; // they wait for an answer; the first of them must be refused then
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private bool IsWorthWaiting(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now, TimeSpan waited)
    {
        var left = maxWait() - waited;
        return Window.Ends - now <= left || (left > TimeSpan.Zero && budget.MayTakeOnceAnswered(demand, consumer, now));
    }

    /// <summary>One waiting request. Guarded by the account's lock.</summary>
    public sealed class Waiter
    {
        private readonly LinkedListNode<Waiter> _place;
        private readonly TaskCompletionSource<RateLimitLease> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <param name="since">When it began to wait, by the account's clock.</param>
        public Waiter(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan since, LinkedList<Waiter> queue)
        {
            (Demand, Consumer, Since) = (demand, consumer, since);
            _place = queue.AddLast(this);
            consumer.WaitingBy[(int)demand.Class]++;
        }

        public UpstreamDemand Demand { get; }

        public ConsumerUse Consumer { get; }

        public TimeSpan Since { get; }

        public Task<RateLimitLease> Result => _result.Task;

        /// <summary>Ends the wait with what the request gets: a lease that admits or refuses it.</summary>
        public void Complete(RateLimitLease lease)
        {
            Leave();
            _result.SetResult(lease);
        }

        /// <summary>Ends the wait of a request whose caller has hung up, unless it has just ended.</summary>
        public void Cancel(CancellationToken cancellation)
        {
            if (_place.List is null)
                return;

            Leave();
            _result.SetCanceled(cancellation);
        }

        private void Leave()
        {
            _place.List!.Remove(_place);
            Consumer.WaitingBy[(int)Demand.Class]--;
        }
    }
}
