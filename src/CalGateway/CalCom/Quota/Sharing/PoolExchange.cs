using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// Gets blocks of a key's window from the pool that gateways share, with one call at a time, and takes this gateway's requests from them. Not thread-safe: the
/// account holds a lock.
/// </summary>
/// <param name="name">The name by which the gateways know the key.</param>
/// <param name="budget">The account's count. What the pool reports of the other gateways goes into it.</param>
/// <param name="update">Runs a change under the account's lock, with the time of its clock. Waiting requests are looked at afterwards.</param>
internal sealed class PoolExchange(IQuotaPool pool, string name, KeyBudget budget, Action<Action<TimeSpan>> update)
{
    private readonly SharedPart _part = new();
    private Task? _call;
    private int _waiting;

    private QuotaWindow Window => budget.Window;

    public void BeginWindow(TimeSpan now) => _part.BeginWindow(now);

    /// <summary>Takes one request of what this gateway holds. False if it holds none that this class may use.</summary>
    public bool TryTake(RequestClass @class)
    {
        var isWrite = @class == RequestClass.Write;
        if (!_part.HasOne(isWrite, Window.Own, Window.Limit, budget.Kept(@class)))
            return false;

        _part.Take(isWrite);
        return true;
    }

    /// <summary>Requests the next block before it is needed, if little is left of the last one.</summary>
    public void RequestEarly(TimeSpan now)
    {
        if (_call is null && Window.IsCounted == true && _part.IsLow(now, Window.Own))
            Call(RequestClass.Read, now);
    }

    /// <summary>The call that may bring a block for a request; null if the budget forbids the request, or it is too soon to call again.</summary>
    public Task? CallFor(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan now)
    {
        if (!budget.IsCounting)
            return null;

        if (budget.MayTake(demand, consumer, now))
            return _call ?? (_part.IsWorthAsking(demand.Class == RequestClass.Write, now) ? Call(demand.Class, now) : null);

        if (_call is null && _part.IsReportDue(now))
            Call(demand.Class, now, wanted: 0); // the other gateways may report that their consumers want less than before
        return null;
    }

    /// <summary>Counts the requests that wait for a block. The more there are, the larger is the next block. Thread-safe.</summary>
    public void AddWaiting(int change) => Interlocked.Add(ref _waiting, change);

    private Task Call(RequestClass @class, TimeSpan now, int? wanted = null)
    {
        var isForWrites = @class == RequestClass.Write;
        var block = isForWrites ? 1 : SharedPart.BlockFor(Window.Own, Volatile.Read(ref _waiting));
        var claim = new QuotaClaim(
            name, wanted ?? block, budget.Kept(@class), Window.Limit, Window.Length, Window.KnownEnd(now), Window.InFlight, Window.Counted,
            ConsumerReport.Write(budget.Consumers.Report()));
        var window = budget.Windows;
        return _call = Task.Run(() => CallAsync(claim, isForWrites, window));
    }

    private async Task CallAsync(QuotaClaim claim, bool isForWrites, int window)
    {
        var block = await pool.TakeAsync(claim);
        update(now =>
        {
            _call = null;
            var isLate = window != budget.Windows; // what was granted, and what was reported, was of the window that has ended
            _part.Receive(block is { } late && isLate ? late with { Granted = 0 } : block, claim.Wanted, isForWrites, Window.Own, now);
            Window.Siblings = _part.Siblings;
            if (block is { } given && !isLate)
                budget.Consumers.Receive(given.Others.SelectMany(ConsumerReport.Read));
        });
    }
}
