using CalGateway.Caching.Store;

namespace CalGateway.Caching.Filling;

/// <summary>The part of the memory for bodies in flight that one body takes, until the last caller that waited has been sent it.</summary>
internal sealed class Reservation(Budget budget) : IDisposable
{
    private readonly Lock _changing = new();
    private long _bytes;
    private bool _isOver;

    /// <summary>Returns false if there was not enough memory in time.</summary>
    public async ValueTask<bool> TryTakeAsync(long bytes, TimeSpan timeout, CancellationToken cancellation)
    {
        if (await budget.TakeAsync(bytes, timeout, cancellation) is not { } taken)
            return false;

        lock (_changing)
        {
            if (!_isOver)
            {
                _bytes += taken;
                return true;
            }
        }

        budget.Release(taken);
        return false;
    }

    /// <summary>Gives back all but this many bytes.</summary>
    public void Shrink(long bytes)
    {
        lock (_changing)
        {
            if (_bytes <= bytes)
                return;

            budget.Release(_bytes - bytes);
            _bytes = bytes;
        }
    }

    public void Dispose()
    {
        lock (_changing)
        {
            _isOver = true;
            budget.Release(_bytes);
            _bytes = 0;
        }
    }
}
