using CalGateway.CalCom.Protection;

namespace CalGateway.CalCom.Retrying;

/// <summary>Limits retries to a part of the traffic, so that they never double the load of a failing Cal.com.</summary>
internal sealed class RetryBudget(TimeProvider clock)
{
    /// <summary>This many retries are allowed in each window in any case. Otherwise a gateway with few requests would have none.</summary>
    private const int MinRetries = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly RecentCounts _recent = new(clock);

    public void Count()
    {
        lock (_lock)
            _recent.Add(isMarked: false);
    }

    /// <summary>Takes one retry. Returns false if there is none left.</summary>
    /// <param name="ratio">The retries that are allowed for each first attempt; 0 to 1, and 0 allows none at all.</param>
    public bool TryTake(double ratio)
    {
        lock (_lock)
        {
            var (all, retries) = _recent.Within(Window);
            if (ratio <= 0 || retries + 1 > Math.Max(MinRetries, ratio * (all - retries)))
                return false;

            _recent.Add(isMarked: true);
            return true;
        }
    }
}
