using CalGateway.Caching.Store;

namespace CalGateway.Caching.Filling;

/// <summary>Collects a body up to a limit, when there is memory for it. Otherwise the body is dropped as soon as that is known.</summary>
/// <param name="limit">The largest body, in bytes.</param>
/// <param name="announced">Gives the <c>Content-Length</c>, which is known when the first bytes come; null if there is none.</param>
/// <param name="onRefusal">Called when the rest of the body is of no use.</param>
internal sealed class CappedBody(int limit, Func<long?> announced, Reservation reservation, Action onRefusal) : Stream
{
    /// <summary>How long a body waits for memory; mostly it is free sooner. After that, it is better to forward each request by itself.</summary>
    private static readonly TimeSpan MemoryTimeout = TimeSpan.FromSeconds(5);

    private const int MinBufferBytes = 16 * 1024;

    private byte[] _buffer = [];
    private int _length;
    private bool _isRented;
    private bool _hasMemory;

    /// <summary>The body was larger than the limit, and was dropped.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>There was no memory for it in time.</summary>
    public bool HasFoundNoMemory { get; private set; }

    public override bool CanRead => false;

    /// <summary>Lets <c>Response.Clear()</c> discard what was written.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the body, and gives back the memory that it does not need. To be called once, at the end.</summary>
    public byte[] Take()
    {
        var body = _isRented || _buffer.Length != _length ? _buffer[.._length] : _buffer;
        Free();
        reservation.Shrink(body.Length);
        return body;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (MayGrowBy(buffer.Length) && (_hasMemory || await TakeMemoryAsync(cancellationToken)))
            Append(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For problems that the gateway writes itself, which are short: it does not wait for memory.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (MayGrowBy(buffer.Length))
            Append(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Drops what was written when the answer is replaced by another one.</summary>
    public override void SetLength(long value) => _length = value <= _length ? (int)value : throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Free();
        base.Dispose(disposing);
    }

    private bool MayGrowBy(int count)
    {
        if (IsOverfull || HasFoundNoMemory)
            return false;
        if (Math.Max(_length + (long)count, _hasMemory ? 0 : announced() ?? 0) <= limit)
            return true;

        IsOverfull = true;
        Refuse();
        return false;
    }

    /// <summary>Takes the memory for the whole body at once. Bodies that each held a part and waited for the rest could block one another for ever.</summary>
    private async ValueTask<bool> TakeMemoryAsync(CancellationToken cancellation)
    {
        // Without Content-Length, the body is collected in growing buffers, and exists twice when it is copied out of the last one.
        _hasMemory = await reservation.TryTakeAsync(announced() ?? 2L * limit, MemoryTimeout, cancellation);
        if (_hasMemory)
            return true;

        cancellation.ThrowIfCancellationRequested();
        HasFoundNoMemory = true;
        Refuse();
        return false;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length)
            Grow(_length + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>If the length is known, the buffer has that length and becomes the body without a copy.</summary>
    private void Grow(int least)
    {
        var isAnnounced = announced() is { } whole && whole >= least && whole <= limit;
        var larger = isAnnounced ? new byte[announced()!.Value] : LargeBuffers.Pool.Rent(Math.Max(Math.Max(least, MinBufferBytes), 2 * _length));
        var length = _length;
        _buffer.AsSpan(0, length).CopyTo(larger);
        Free();
        (_buffer, _length, _isRented) = (larger, length, !isAnnounced);
    }

    private void Refuse()
    {
        Free();
        reservation.Dispose();
        onRefusal();
    }

    /// <summary>Releases the buffer, so that a reference to the stream keeps no bytes in memory.</summary>
    private void Free()
    {
        if (_isRented)
            LargeBuffers.Pool.Return(_buffer);
        (_buffer, _length, _isRented) = ([], 0, false);
    }
}
