using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Evicting;

namespace CalGateway.Caching.Filling;

/// <summary>One request to Cal.com for one key, while it is in flight, and all callers that wait for it.</summary>
/// <param name="key">Under which the answer is to be stored.</param>
/// <param name="plan">The cache of the route that it is for.</param>
/// <param name="owner">The hash of the caller's token that asks; null for the gateway's own accounts.</param>
/// <param name="attempt">1, or one more than that of a failed fill which is still remembered.</param>
/// <param name="isDemanded">Cal.com is to be asked, whatever other gateways have stored.</param>
/// <param name="older">Another fill that is in flight for the same key. Its answer must not replace the one that this fill brings.</param>
internal sealed class Fill(string key, CachePlan plan, string? owner, int attempt, bool isDemanded, Fill? older = null)
{
    private readonly TaskCompletionSource<FillResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _storing = new();
    private Fill? _older = older;
    private bool _isSuperseded;
    private int _users = 1; // the fill itself
    private Reservation? _reservation;

    public string Key { get; } = key;

    public CachePlan Plan { get; } = plan;

    public string? Owner { get; } = owner;

    public int Attempt { get; } = attempt;

    public bool IsDemanded { get; } = isDemanded;

    /// <summary>The fill that begins when this one ends. <see cref="Fills"/> sets it, under its lock.</summary>
    public FillJob? Next { get; set; }

    public Task<FillResult> Result => _result.Task;

    public bool IsIn(EvictionScope scope) => scope.Covers(Plan.Policy, Plan.Tags, Owner);

    /// <summary>The first result counts.</summary>
    public void Complete(FillResult result)
    {
        lock (_storing)
        {
            _result.TrySetResult(result);
            _older?.Supersede(); // from here on nobody finds it through this one
            _older = null;
        }
    }

    /// <summary>What this fill brings may be older than a write, or than what is stored by now: it is not to be stored.</summary>
    public void Supersede()
    {
        lock (_storing)
        {
            _isSuperseded = true;
            _older?.Supersede();
        }
    }

    /// <summary>Stores, unless the fill was superseded. A write waits until this is done, and then evicts what was stored.</summary>
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

    /// <summary>What the body takes of the memory for bodies in flight. It is given back when the last user has gone.</summary>
    public void Keep(Reservation reservation) => Volatile.Write(ref _reservation, reservation);

    /// <summary>A caller waits for the result and will be sent it.</summary>
    public void AddUser() => Interlocked.Increment(ref _users);

    /// <summary>A caller has been sent the result or has gone; or the fill itself is over.</summary>
    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Interlocked.Exchange(ref _reservation, null)?.Dispose();
    }

    /// <summary>The result, or null if it takes longer than the caller is to wait.</summary>
    public async Task<FillResult?> WaitAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        if (Result.IsCompleted)
            return await Result;

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(Result, Task.Delay(patience, clock, waiting.Token));
        cancellation.ThrowIfCancellationRequested();
        await waiting.CancelAsync();
        return first == Result ? await Result : null;
    }
}
