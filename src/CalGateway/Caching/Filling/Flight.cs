using System.Diagnostics;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Filling;

/// <summary>One request to Cal.com for one key, and all who wait for it. A flight that failed stays for a moment, as the memory of it.</summary>
/// <param name="plan">The cache of the route that it is for.</param>
/// <param name="attempt">1, or one more than that of a failed flight which is still remembered.</param>
/// <param name="isDemanded">Cal.com is to be asked, whatever other gateways have.</param>
/// <param name="older">One that is still under way for the same key, and whose answer is not to take the place of this one's.</param>
internal sealed class Flight(string key, CachePlan plan, int attempt, bool isDemanded, Flight? older = null)
{
    private readonly TaskCompletionSource<FlightResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _landing = new();
    private readonly int _maxBytes = plan.Limits.LargestBody;
    private Flight? _older = older;
    private Following? _next;
    private bool _isSuperseded;
    private int _aboard = 1; // itself
    private Holding? _holding;

    public string Key { get; } = key;

    /// <summary>The hash of the caller's token that asks; null for the gateway's own accounts.</summary>
    public string? Owner { get; init; }

    public int Attempt { get; } = attempt;

    public bool IsDemanded { get; } = isDemanded;

    public string Policy => plan.Policy;

    public Task<FlightResult> Result => _result.Task;

    public bool HasTag(string tag) => plan.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether it answers who asks now. Whoever wants no stored answer wants none that was asked for before he asked; a failure that is remembered is
    /// told to him, too, for Cal.com is to be left alone.
    /// </summary>
    /// <param name="errand">What he wants.</param>
    /// <param name="limit">Beyond which a body is too large by now.</param>
    public bool Answers(Errand errand, int limit) =>
        Result.IsCompleted && Result.Result.IsFailure ? !MayBeTriedAgain(limit) : errand != Errand.Demanded;

    /// <summary>
    /// A first failure may be a stumble, and the next who asks tries again at once; a second in a row is an outage. What was too large may not be
    /// so any more after an edit.
    /// </summary>
    private bool MayBeTriedAgain(int limit) => Result.Result switch
    {
        { Verdict: Verdict.Outage, RetryAfter: null } => Attempt == 1,
        { Verdict: Verdict.TooLarge } => _maxBytes < limit,
        _ => false,
    };

    /// <summary>The first result counts.</summary>
    public void Complete(FlightResult result)
    {
        lock (_landing)
        {
            _result.TrySetResult(result);
            _older?.Supersede(); // from here on nobody finds it through this one
            _older = null;
        }
    }

    /// <summary>The flight that begins when this one ends, for all who ask for it until then; null where this one has ended.</summary>
    /// <param name="make">Makes it, where there is none yet.</param>
    /// <param name="isNew">It was made by this call.</param>
    public Flight? Follow(Func<Following> make, out bool isNew)
    {
        lock (_landing)
        {
            isNew = !Result.IsCompleted && _next is null;
            if (isNew)
                _next = make();
            return Result.IsCompleted ? null : _next!.Flight;
        }
    }

    /// <summary>What is to begin, once this one has ended; null for nothing.</summary>
    public Following? TakeNext()
    {
        lock (_landing)
            return Interlocked.Exchange(ref _next, null);
    }

    /// <summary>Somebody waits for it, and will be sent what it brings.</summary>
    public void Board() => Interlocked.Increment(ref _aboard);

    /// <summary>The memory that its body takes is free when everybody who waited has been sent it, and the flight itself is over.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _aboard) == 0)
            Interlocked.Exchange(ref _holding, null)?.Dispose();
    }

    public void Carry(Holding holding) => Volatile.Write(ref _holding, holding);

    /// <summary>It has ended in a failure or refusal, and stands for the memory of that.</summary>
    public bool IsRemembered => Result is { IsCompletedSuccessfully: true, Result.IsFailure: true };

    /// <summary>A write came between: what this flight brings may be from before it, and is not to be stored.</summary>
    public void Supersede()
    {
        lock (_landing)
        {
            _isSuperseded = true;
            _older?.Supersede();
        }
    }

    /// <summary>Stores, unless a write came between, or a newer flight has stored; the two never overlap.</summary>
    public bool TryLand(Action store)
    {
        lock (_landing)
        {
            if (_isSuperseded)
                return false;

            _older?.Supersede();
            store();
            return true;
        }
    }

    /// <summary>The result or, if it takes longer than one has patience for, null.</summary>
    public async Task<FlightResult?> WaitAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
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

/// <summary>A flight that has not begun, and all that it takes to begin it.</summary>
/// <param name="Flight">That is to begin.</param>
/// <param name="Request">What Cal.com is to be asked.</param>
/// <param name="Stored">What is to be confirmed or replaced.</param>
/// <param name="Cause">The span of the request that it was made for.</param>
internal sealed record Following(Flight Flight, DetachedRequest Request, StoredAnswer? Stored, Activity? Cause);
