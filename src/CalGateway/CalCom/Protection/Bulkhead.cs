using CalGateway.Journey;

namespace CalGateway.CalCom.Protection;

/// <summary>The result of asking the bulkhead for a place.</summary>
internal enum Entry
{
    /// <summary>The request has a place, which must be released.</summary>
    Entered,

    /// <summary>There is no place, and no room in the queue.</summary>
    Full,

    /// <summary>The circuit opened while the request waited.</summary>
    CircuitOpened,
}

/// <summary>
/// Limits how many requests are at the upstream at once, and how many wait for a place. Writes come before reads, reads before refreshes, refreshes before the
/// gateway's own requests; within a class the order is first in, first out. The framework's <c>ConcurrencyLimiter</c> has no classes, and its limit cannot be changed.
/// </summary>
internal sealed class Bulkhead
{
    private static readonly int Classes = Enum.GetValues<RequestClass>().Length;

    private readonly Lock _lock = new();
    private readonly LinkedList<BulkheadWaiter>?[] _queues = new LinkedList<BulkheadWaiter>?[Classes];

    /// <summary>The number of requests that have a place.</summary>
    public int Active { get; private set; }

    public int Waiting { get; private set; }

    /// <param name="mayWait">False to get a place at once or not at all.</param>
    /// <param name="limit">How many requests may have a place, and how many more may wait; 0 for no limit.</param>
    /// <param name="cancellation">Removes the request from the queue.</param>
    public ValueTask<Entry> EnterAsync(RequestClass of, bool mayWait, int limit, CancellationToken cancellation)
    {
        BulkheadWaiter waiter;
        lock (_lock)
        {
            AdmitWaiting(limit); // an edit may have raised the limit
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

    /// <param name="limit">As for <see cref="EnterAsync"/>.</param>
    public void Release(int limit)
    {
        lock (_lock)
        {
            Active--;
            AdmitWaiting(limit);
        }
    }

    /// <summary>Ends all waits, because the circuit has opened.</summary>
    public void RejectWaiting()
    {
        lock (_lock)
        {
            while (RemoveFirst() is { } waiter)
                waiter.End(Entry.CircuitOpened);
        }
    }

    /// <summary>Removes a request from the queue. Returns false if it does not wait any more.</summary>
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

    private void AdmitWaiting(int limit)
    {
        while ((limit == 0 || Active < limit) && RemoveFirst() is { } waiter)
        {
            Active++;
            waiter.End(Entry.Entered);
        }
    }

    /// <summary>Removes the last request of a lower class from the full queue. Returns false if there is none.</summary>
    private bool MakeRoom(RequestClass of)
    {
        for (var later = Classes - 1; later > (int)of; later--)
        {
            if (_queues[later] is not { Last: { } last })
                continue;

            Remove(last);
            last.Value.End(Entry.Full);
            return true;
        }

        return false;
    }

    private BulkheadWaiter? RemoveFirst()
    {
        if (Waiting == 0)
            return null;

        var first = Array.Find(_queues, queue => queue is { Count: > 0 })!.First!;
        Remove(first);
        return first.Value;
    }

    private void Remove(LinkedListNode<BulkheadWaiter> place)
    {
        place.List!.Remove(place);
        place.Value.Place = null;
        Waiting--;
    }
}
