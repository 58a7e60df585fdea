namespace CalGateway.Sandbox.Faulting;

/// <summary>A fault in force: how many requests may still get it, and the signal that ends it.</summary>
internal sealed class ActiveFault(Fault fault)
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string[]? template = fault.Path?.Contains('{', StringComparison.Ordinal) == true ? fault.Path.Split('/') : null;
    private int remaining = fault.Times ?? int.MaxValue;

    public Fault Fault { get; } = fault;

    public bool IsUsedUp => Volatile.Read(ref remaining) <= 0;

    /// <summary>Completes when the faults are cleared.</summary>
    public Task Ended => ended.Task;

    public void End() => ended.TrySetResult();

    public bool TryStrike() => Fault.Times is null || (!IsUsedUp && Interlocked.Decrement(ref remaining) >= 0);

    public bool Matches(string method, string path) =>
        (Fault.Method is null || Fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase)) && MatchesPath(path);

    private bool MatchesPath(string path)
    {
        if (template is null)
            return Fault.Path is null || path.StartsWith(Fault.Path, StringComparison.OrdinalIgnoreCase);

        var segments = path.Split('/');
        return segments.Length == template.Length
            && template.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }
}
