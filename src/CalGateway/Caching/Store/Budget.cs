namespace CalGateway.Caching.Store;

/// <summary>Limits what is held for a while, most often bytes. Whoever asks for more than is left waits, first come first served.</summary>
internal sealed class Budget(long capacity, TimeProvider clock)
{
    private readonly long _capacity = capacity;
    private readonly Lock _changing = new();
    private readonly LinkedList<(long Wanted, TaskCompletionSource Granted)> _waiting = [];
    private long _free = capacity;

    public long Free => Volatile.Read(ref _free);

    /// <summary>How much was taken, to be given back with <see cref="Give"/>; null where there was not enough in time. More than the whole counts as the whole.</summary>
    public async ValueTask<long?> TakeAsync(long wanted, TimeSpan patience, CancellationToken cancellation)
    {
        wanted = Math.Min(wanted, _capacity);
        if (WaiterFor(wanted) is not { } waiter)
            return wanted;

        try
        {
            await waiter.Value.Granted.Task.WaitAsync(patience, clock, cancellation);
            return wanted;
        }
        catch (Exception given) when (given is TimeoutException or OperationCanceledException)
        {
            // It may have been granted at that very moment.
            return HasWithdrawn(waiter) ? null : wanted;
        }
    }

    public void Give(long taken)
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

    private bool HasWithdrawn(LinkedListNode<(long Wanted, TaskCompletionSource Granted)> waiter)
    {
        lock (_changing)
        {
            if (waiter.List is null)
                return false;

            _waiting.Remove(waiter);
        }

        Give(0); // there may be enough for those behind it
        return true;
    }
}
