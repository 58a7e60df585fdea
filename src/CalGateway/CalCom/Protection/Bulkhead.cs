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
    private readonly LinkedList<TaskCompletionSource<Entry>>?[] _queues = new LinkedList<TaskCompletionSource<Entry>>?[Classes];

    public int Active { get; private set; }

    public int Waiting { get; private set; }

    /// <param name="mayWait">False to get a place at once or not at all.</param>
    /// <param name="limit">How many requests may have a place, and how many more may wait; 0 for no limit.</param>
    /// <param name="cancellation">Removes the request from the queue.</param>
    public ValueTask<Entry> EnterAsync(RequestClass of, bool mayWait, int limit, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource<Entry>> waiter;
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

            waiter = (_queues[(int)of] ??= []).AddLast(new TaskCompletionSource<Entry>(TaskCreationOptions.RunContinuationsAsynchronously));
            Waiting++;
        }

        return WaitAsync(waiter, cancellation);
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

    public void RejectWaiting()
    {
        lock (_lock)
        {
            while (RemoveFirst() is { } waiter)
                waiter.SetResult(Entry.CircuitOpened);
        }
    }

    /// <exception cref="OperationCanceledException">The caller hung up. The request has no place.</exception>
    private async ValueTask<Entry> WaitAsync(LinkedListNode<TaskCompletionSource<Entry>> waiter, CancellationToken cancellation)
    {
        await using var gone = cancellation.UnsafeRegister(_ => Cancel(waiter, cancellation), null);
        return await waiter.Value.Task;
    }

    private void Cancel(LinkedListNode<TaskCompletionSource<Entry>> waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (waiter.List is null)
                return; // its wait has just ended

            Remove(waiter);
            waiter.Value.SetCanceled(cancellation);
        }
    }

    private void AdmitWaiting(int limit)
    {
        while ((limit == 0 || Active < limit) && RemoveFirst() is { } waiter)
        {
            Active++;
            waiter.SetResult(Entry.Entered);
        }
    }

    /// <summary>Removes the last request of a lower class from the full queue. Returns false if there is none.</summary>
    private bool MakeRoom(RequestClass of)
    {
        var lowest = Array.FindLastIndex(_queues, queue => queue is { Count: > 0 });
        if (lowest <= (int)of)
            return false;

        var last = _queues[lowest]!.Last!;
        Remove(last);
        last.Value.SetResult(Entry.Full);
        return true;
    }

    private TaskCompletionSource<Entry>? RemoveFirst()
    {
        if (Waiting == 0)
            return null;

        var first = Array.Find(_queues, queue => queue is { Count: > 0 })!.First!;
        Remove(first);
        return first.Value;
    }

    private void Remove(LinkedListNode<TaskCompletionSource<Entry>> waiter)
    {
        waiter.List!.Remove(waiter);
        Waiting--;
    }
}
