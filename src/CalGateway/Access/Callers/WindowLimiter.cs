namespace CalGateway.Access.Callers;

/// <summary>Allows a number of requests in a window that begins with the first of them. The next request after the window begins another; there is no timer.</summary>
internal sealed class WindowLimiter(int requests, TimeSpan window, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _began;
    private int _taken;

    /// <summary>The window is over, and no request has come since.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return clock.GetElapsedTime(_began) >= window;
        }
    }

    /// <summary>Counts one request. Returns null if it is allowed, else the time until the next one is.</summary>
    public TimeSpan? Take()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var elapsed = clock.GetElapsedTime(_began, now);
            if (_taken == 0 || elapsed >= window)
                (_began, _taken, elapsed) = (now, 0, TimeSpan.Zero);
            if (_taken == requests)
                return window - elapsed;

            _taken++;
            return null;
        }
    }
}
