namespace CalGateway.Caching.Store;

/// <summary>A limit on something that is taken and given back, most often bytes. A request for more than is free waits; waiting requests are served in order.</summary>
internal sealed class Budget(long capacity, TimeProvider clock)
{
    private readonly long _capacity = capacity;
    private readonly Lock _changing = new();
    private readonly LinkedList<(long Wanted, TaskCompletionSource Granted)> _waiting = [];
    private long _free = capacity;

    public long Free => Volatile.Read(ref _free);

    /// <summary>Takes an amount, at most the capacity, to be given back with <see cref="Release"/>. Null if there was not enough in time.</summary>
    public async ValueTask<long?> TakeAsync(long wanted, TimeSpan timeout, CancellationToken cancellation)
    {
        wanted = Math.Min(wanted, _capacity);
        if (WaiterFor(wanted) is not { } waiter)
            return wanted;

        try
        {
            await waiter.Value.Granted.Task.WaitAsync(timeout, clock, cancellation);
            return wanted;
        }
        catch (Exception notGranted) when (notGranted is TimeoutException or OperationCanceledException)
        {
            // It may have been granted at the same moment.
            return TryWithdraw(waiter) ? null : wanted;
        }
    }

    public void Release(long taken)
    {
        lock (_changing)
        {
            _free += taken;
            while (_waiting.First is { } first && first.Value.Wanted <= _free)
            {
                _waiting.RemoveFirst();
                _free -= first.Value.Wanted;
                first.Value.Granted.SetResult();
            }
        }
    }

    private LinkedListNode<(long Wanted, TaskCompletionSource Granted)>? WaiterFor(long wanted)
    {
        lock (_changing)
        {
            if (_waiting.Count > 0 || wanted > _free)
                return _waiting.AddLast((wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));

            _free -= wanted;
            return null;
        }
    }

    private bool TryWithdraw(LinkedListNode<(long Wanted, TaskCompletionSource Granted)> waiter)
    {
        lock (_changing)
        {
            if (waiter.List is null)
                return false;

            _waiting.Remove(waiter);
        }

        Release(0); // there may be enough for the next one
        return true;
    }
}
