using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Evicting;

namespace CalGateway.Caching.Filling;

/// <summary>A request to Cal.com for one key while it is in flight, and the callers that wait for it.</summary>
/// <param name="owner">The hash of the caller's own token that signs the request; null if an account of the gateway signs it.</param>
/// <param name="attempt">1, or one more than that of a failed fill that is still remembered.</param>
/// <param name="isDemanded">Cal.com must be asked, even if another gateway has stored an answer.</param>
/// <param name="older">An older fill that is still in flight for the same key. Its answer must not replace that of this fill.</param>
internal sealed class Fill(string key, CachePlan plan, string? owner, int attempt, bool isDemanded, Fill? older = null)
{
    private readonly TaskCompletionSource<FillResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _storing = new();
    private Fill? _older = older;
    private bool _isSuperseded;
    private int _users = 1; // the fill itself counts as one
    private Reservation? _reservation;

    public string Key { get; } = key;

    public CachePlan Plan { get; } = plan;

    public string? Owner { get; } = owner;

    public int Attempt { get; } = attempt;

    public bool IsDemanded { get; } = isDemanded;

    /// <summary>The fill that starts when this one ends. <see cref="Fills"/> sets it under its lock.</summary>
    public FillJob? Next { get; set; }

    public Task<FillResult> Result => _result.Task;

    public bool IsIn(EvictionScope scope) => scope.Covers(Plan.Policy, Plan.Tags, Owner);

    /// <summary>Sets the result; only the first call has an effect.</summary>
    public void Complete(FillResult result)
    {
        lock (_storing)
        {
            _result.TrySetResult(result);
            _older?.Supersede(); // a later eviction reaches the older fill only through this one, and this one is over
            _older = null;
        }
    }

    /// <summary>Forbids to store the answer of this fill: it may be older than a write, or than the answer that is stored.</summary>
    public void Supersede()
    {
        lock (_storing)
        {
            _isSuperseded = true;
            _older?.Supersede();
        }
    }

    /// <summary>Stores the answer, unless the fill was superseded. An eviction at the same time waits for the lock, and then evicts what was stored.</summary>
    public bool TryStore(Action store)
    {
        lock (_storing)
        {
            if (_isSuperseded)
                return false;

            _older?.Supersede();
            store();
            return true;
        }
    }

    /// <summary>Keeps the memory of the body reserved until the last user is done with it.</summary>
    public void Keep(Reservation reservation) => Volatile.Write(ref _reservation, reservation);

    /// <summary>To be called for each caller that waits for the result.</summary>
    public void AddUser() => Interlocked.Increment(ref _users);

    /// <summary>To be called when a caller has been sent the result or has gone, and when the fill itself is over.</summary>
    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Interlocked.Exchange(ref _reservation, null)?.Dispose();
    }

    /// <summary>The result, or null if it takes longer than the timeout.</summary>
    public async Task<FillResult?> WaitAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        if (Result.IsCompleted)
            return await Result;

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(Result, Task.Delay(timeout, clock, waiting.Token));
        cancellation.ThrowIfCancellationRequested();
        await waiting.CancelAsync();
        return first == Result ? await Result : null;
    }
}
