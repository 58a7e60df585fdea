using CalGateway.Caching.Entries;

namespace CalGateway.Caching.Filling;

/// <summary>What one body on its way takes of the memory that there is for all of them, until the last caller who waited for it has been sent it.</summary>
internal sealed class Holding(Room room) : IDisposable
{
    private readonly Lock _changing = new();
    private long _bytes;
    private bool _isOver;

    /// <summary>False where there was no room in time.</summary>
    public async ValueTask<bool> TryTakeAsync(long bytes, TimeSpan patience, CancellationToken cancellation)
    {
        if (await room.TakeAsync(bytes, patience, cancellation) is not { } taken)
            return false;

        lock (_changing)
        {
            if (!_isOver)
            {
                _bytes += taken;
                return true;
            }
        }

        room.Give(taken);
        return false;
    }

    /// <summary>It takes no more than this.</summary>
    public void Shrink(long bytes)
    {
        lock (_changing)
        {
            if (_bytes <= bytes)
                return;

            room.Give(_bytes - bytes);
            _bytes = bytes;
        }
    }

    public void Dispose()
    {
        lock (_changing)
        {
            _isOver = true;
            room.Give(_bytes);
            _bytes = 0;
        }
    }
}
