using CalGateway.Caching.Store;

namespace CalGateway.Caching.Filling;

/// <summary>What one body in flight takes of the memory for all of them, until the last caller that waited has been sent it.</summary>
internal sealed class Reservation(Budget budget) : IDisposable
{
    private readonly Lock _changing = new();
    private long _bytes;
    private bool _isOver;

    /// <summary>False where there was not enough left in time.</summary>
    public async ValueTask<bool> TryTakeAsync(long bytes, TimeSpan patience, CancellationToken cancellation)
    {
        if (await budget.TakeAsync(bytes, patience, cancellation) is not { } taken)
            return false;

        lock (_changing)
        {
            if (!_isOver)
            {
                _bytes += taken;
                return true;
            }
        }

        budget.Give(taken);
        return false;
    }

    /// <summary>Gives back what is above this.</summary>
    public void Shrink(long bytes)
    {
        lock (_changing)
        {
            if (_bytes <= bytes)
                return;

            budget.Give(_bytes - bytes);
            _bytes = bytes;
        }
    }

    public void Dispose()
    {
        lock (_changing)
        {
            _isOver = true;
            budget.Give(_bytes);
            _bytes = 0;
        }
    }
}
