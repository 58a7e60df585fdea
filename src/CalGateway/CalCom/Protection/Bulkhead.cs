using CalGateway.Journey;

namespace CalGateway.CalCom.Protection;

/// <summary>How a wait for a place ended.</summary>
internal enum Entry
{
    /// <summary>It has a place, and gives it back.</summary>
    Entered,

    /// <summary>There is no place, and none to wait for.</summary>
    Full,

    /// <summary>Those who waited were sent away: the circuit has opened.</summary>
    SentAway,
}

/// <summary>
/// Bounds how many requests are at the upstream at once, and how many wait for that. Writes are let in before reads, reads before refreshes, refreshes before the
/// gateway's own curiosity; within one class who came first. The framework's <c>ConcurrencyLimiter</c> knows no classes, and its limit cannot be edited.
/// </summary>
internal sealed class Bulkhead
{
    private static readonly int Classes = Enum.GetValues<RequestClass>().Length;

    private readonly Lock _lock = new();
    private readonly LinkedList<BulkheadWaiter>?[] _queues = new LinkedList<BulkheadWaiter>?[Classes];

    /// <summary>At the upstream.</summary>
    public int Active { get; private set; }

    public int Waiting { get; private set; }

    /// <param name="of">What the request is for.</param>
    /// <param name="mayWait">Otherwise it is let in at once, or not at all.</param>
    /// <param name="limit">How many may be at the upstream, and how many may wait; 0 for any number.</param>
    /// <param name="cancellation">Whoever waits goes away: its place in the queue is free at once.</param>
    public ValueTask<Entry> EnterAsync(RequestClass of, bool mayWait, int limit, CancellationToken cancellation)
    {
        BulkheadWaiter waiter;
        lock (_lock)
        {
            LetIn(limit); // there may be more room since an edit
            if (limit == 0 || (Active < limit && Waiting == 0))
            {
                Active++;
                return new ValueTask<Entry>(Entry.Entered);
            }

            if (!mayWait || (Waiting >= limit && !MakeRoom(of)))
                return new ValueTask<Entry>(Entry.Full);

            waiter = new BulkheadWaiter(this, cancellation);
            waiter.Place = (_queues[(int)of] ??= new LinkedList<BulkheadWaiter>()).AddLast(waiter);
            Waiting++;
        }

        return waiter.WaitAsync();
    }

    /// <summary>Whoever was let in is done.</summary>
    public void Leave(int limit)
    {
        lock (_lock)
        {
            Active--;
            LetIn(limit);
        }
    }

    /// <summary>Nobody waits for an upstream that is known to fail.</summary>
    public void SendAway()
    {
        lock (_lock)
        {
            while (TakeFirst() is { } waiter)
                waiter.End(Entry.SentAway);
        }
    }

    /// <summary>False where it does not wait any more.</summary>
    public bool Remove(BulkheadWaiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Place is not { } place)
                return false;

            place.List!.Remove(place);
            waiter.Place = null;
            Waiting--;
            return true;
        }
    }

    private void LetIn(int limit)
    {
        while ((limit == 0 || Active < limit) && TakeFirst() is { } waiter)
        {
            Active++;
            waiter.End(Entry.Entered);
        }
    }

    /// <summary>Whoever came last of a class that comes later gives way.</summary>
    private bool MakeRoom(RequestClass of)
    {
        for (var later = Classes - 1; later > (int)of; later--)
        {
            if (_queues[later] is not { Last: { } last })
                continue;

            Take(last);
            last.Value.End(Entry.Full);
            return true;
        }

        return false;
    }

    private BulkheadWaiter? TakeFirst()
    {
        if (Waiting == 0)
            return null;

        var first = Array.Find(_queues, queue => queue is { Count: > 0 })!.First!;
        Take(first);
        return first.Value;
    }

    private void Take(LinkedListNode<BulkheadWaiter> place)
    {
        place.List!.Remove(place);
        place.Value.Place = null;
        Waiting--;
    }
}
