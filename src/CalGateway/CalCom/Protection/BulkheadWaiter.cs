namespace CalGateway.CalCom.Protection;

/// <summary>A request that waits for a place at the upstream.</summary>
internal sealed class BulkheadWaiter(Bulkhead bulkhead, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<Entry> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The request's node in its queue; null if it does not wait any more. Guarded by the bulkhead's lock.</summary>
    public LinkedListNode<BulkheadWaiter>? Place { get; set; }

    /// <exception cref="OperationCanceledException">The caller hung up. The request has no place.</exception>
    public async ValueTask<Entry> WaitAsync()
    {
        await using var gone = cancellation.UnsafeRegister(static waiter => ((BulkheadWaiter)waiter!).Cancel(), this);
        return await _end.Task;
    }

    public void End(Entry entry) => _end.TrySetResult(entry);

    private void Cancel()
    {
        if (bulkhead.Remove(this))
            _end.TrySetCanceled(cancellation);
    }
}
