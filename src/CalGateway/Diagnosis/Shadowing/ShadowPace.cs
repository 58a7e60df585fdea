namespace CalGateway.Diagnosis.Shadowing;

/// <summary>How fast comparisons may follow one another: where Cal.com has no quota, the processor is the callers', too.</summary>
internal sealed class ShadowPace(TimeProvider clock)
{
    private const double PerSecond = 20;
    private const double AtOnce = 150;

    private readonly Lock _lock = new();
    private double _left = AtOnce;
    private long _at = clock.GetTimestamp();

    /// <summary>False where it is too soon.</summary>
    public bool TryStep()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            _left = Math.Min(AtOnce, _left + (clock.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
            _at = now;
            if (_left < 1)
                return false;

            _left--;
            return true;
        }
    }
}
