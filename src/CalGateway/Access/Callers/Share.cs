namespace CalGateway.Access.Callers;

/// <summary>So many requests in each window, which begins with the first of them. Whoever asks next ends it; no timer runs for it.</summary>
internal sealed class Share(int requests, TimeSpan window)
{
    private readonly Lock _lock = new();
    private long _began;
    private int _taken;

    /// <summary>Its window is over, and nobody has asked since.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return TimeProvider.System.GetElapsedTime(_began) >= window;
        }
    }

    /// <summary>Takes one. Null where there was one to take, else how long it is until there is.</summary>
    public TimeSpan? Take()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetTimestamp();
            var elapsed = TimeProvider.System.GetElapsedTime(_began, now);
            if (_taken == 0 || elapsed >= window)
                (_began, _taken, elapsed) = (now, 0, TimeSpan.Zero);
            if (_taken == requests)
                return window - elapsed;

            _taken++;
            return null;
        }
    }
}
