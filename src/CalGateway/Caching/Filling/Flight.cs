namespace CalGateway.Caching.Filling;

/// <summary>One request to Cal.com for one key, and all who wait for it. A flight that failed stays for a moment, as the memory of it.</summary>
/// <param name="attempt">1, or one more than that of a failed flight which is still remembered.</param>
/// <param name="isDemanded">Cal.com is to be asked, whatever other gateways have.</param>
/// <param name="maxBytes">Beyond which a body is too large.</param>
internal sealed class Flight(string key, string[] tags, int attempt, bool isDemanded, int maxBytes)
{
    private readonly TaskCompletionSource<FlightResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _landing = new();
    private bool _isSuperseded;

    public string Key { get; } = key;

    public int Attempt { get; } = attempt;

    public bool IsDemanded { get; } = isDemanded;

    public bool HasTag(string tag) => tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A first failure may be a stumble, and the next who asks tries again at once; a second in a row is an outage. What was too large may not be
    /// so any more after an edit.
    /// </summary>
    /// <param name="limit">Beyond which a body is too large by now.</param>
    public bool MayBeTriedAgain(int limit) => Result.IsCompleted && Result.Result switch
    {
        { Verdict: Verdict.Outage, AsksToWait: false } => Attempt == 1,
        { Verdict: Verdict.TooLarge } => maxBytes < limit,
        _ => false,
    };

    public Task<FlightResult> Result => _result.Task;

    /// <summary>Who comes first counts.</summary>
    public void Complete(FlightResult result) => _result.TrySetResult(result);

    /// <summary>A write came between: what this flight brings may be from before it, and is not to be stored.</summary>
    public void Supersede()
    {
        lock (_landing)
            _isSuperseded = true;
    }

    /// <summary>Stores, unless a write came between; the two never overlap.</summary>
    public bool TryLand(Action store)
    {
        lock (_landing)
        {
            if (!_isSuperseded)
                store();
            return !_isSuperseded;
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
