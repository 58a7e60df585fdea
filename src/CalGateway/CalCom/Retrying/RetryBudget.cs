using CalGateway.CalCom.Protection;

namespace CalGateway.CalCom.Retrying;

/// <summary>Keeps retries to a part of the traffic, so that an outage is never doubled.</summary>
internal sealed class RetryBudget(TimeProvider clock)
{
    /// <summary>A gateway with few requests would have none otherwise.</summary>
    private const int Always = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly RecentCounts _recent = new(clock);

    /// <summary>A request is sent for the first time.</summary>
    public void Count()
    {
        lock (_lock)
            _recent.Add(isMarked: false);
    }

    /// <summary>False where there is nothing left of it.</summary>
    public bool TryTake(double ratio)
    {
        lock (_lock)
        {
            var (all, retries) = _recent.Within(Window);
            if (ratio <= 0 || retries + 1 > Math.Max(Always, ratio * (all - retries)))
                return false;

            _recent.Add(isMarked: true);
            return true;
        }
    }
}
