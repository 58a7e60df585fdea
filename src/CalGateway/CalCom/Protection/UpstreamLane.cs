using CalGateway.CalCom.Retrying;

namespace CalGateway.CalCom.Protection;

/// <summary>Circuit, bulkhead and retry budget of one destination and one key.</summary>
internal sealed class UpstreamLane(string destination, TimeProvider clock)
{
    public string Destination { get; } = destination;

    public Circuit Circuit { get; } = new(clock);

    public Bulkhead Bulkhead { get; } = new();

    public RetryBudget Retries { get; } = new(clock);

    /// <summary>When the lane was last used, as a timestamp of the clock.</summary>
    public long UsedAt { get; set; }

    /// <summary>True if the lane holds no state that matters, so that it can be removed.</summary>
    public bool IsIdle => Circuit.State == CircuitState.Closed && Bulkhead is { Active: 0, Waiting: 0 };

    /// <summary>
    /// Says whether a request would be sent to Cal.com now, for example <c>closed, 3 of at most 100 at Cal.com, 0 waiting</c>, or
    /// <c>open, one request tries in 4 s, …</c>.
    /// </summary>
    /// <param name="lane">Null where nothing was sent with the key yet.</param>
    public static string Describe(UpstreamLane? lane, UpstreamOptions settings)
    {
        var state = !settings.Circuit.Enabled ? "switched off" : lane?.Circuit.State switch
        {
            CircuitState.Open => FormattableString.Invariant($"open, one request tries in {Math.Ceiling(lane.Circuit.OpenFor?.TotalSeconds ?? 0)} s"),
            CircuitState.HalfOpen => "half open, one request tries whether Cal.com is back",
            _ => "closed",
        };
        var limit = settings.MaxConcurrency > 0 ? FormattableString.Invariant($" of at most {settings.MaxConcurrency}") : "";
        return FormattableString.Invariant($"{state}, {lane?.Bulkhead.Active ?? 0}{limit} at Cal.com, {lane?.Bulkhead.Waiting ?? 0} waiting");
    }
}
