namespace CalGateway.Diagnosis.Shadowing;

/// <summary>A token bucket that limits comparisons: where Cal.com sets no quota, they would otherwise take processor time from callers.</summary>
internal sealed class ShadowRateLimiter(TimeProvider clock)
{
    private const double TokensPerSecond = 20;
    private const double Burst = 150;

    private readonly Lock _lock = new();
    private double _tokens = Burst;
    private long _at = clock.GetTimestamp();

    public bool TryAcquire()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _tokens = Math.Min(Burst, _tokens + (clock.GetElapsedTime(_at, now).TotalSeconds * TokensPerSecond));
            _at = now;
            if (_tokens < 1)
                return false;

            _tokens--;
            return true;
        }
    }
}
