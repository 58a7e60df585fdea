using CalGateway.Caching.Entries;

namespace CalGateway.Caching.Filling;

/// <summary>
/// Keeps a body up to a limit, once there is room for it. What is longer, or never ends, is let go of at once; what finds no room is not kept.
/// </summary>
/// <param name="limit">Beyond which a body is too long, in bytes.</param>
/// <param name="announced">How long the body says that it is, known when the first of it comes; null where it does not say.</param>
/// <param name="holding">What it takes of the room for all bodies.</param>
/// <param name="onRefusal">Called when the rest need not be sent any more.</param>
internal sealed class CappedBody(int limit, Func<long?> announced, Holding holding, Action onRefusal) : Stream
{
    /// <summary>Longer than bodies in flight take as a rule to leave; whoever waits this long is better sent the answer as it comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int First = 16 * 1024;

    private byte[] _buffer = [];
    private int _length;
    private bool _isRented;
    private bool _hasRoom;

    /// <summary>It was longer than the limit; what is here is not all of it.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>There was no room for it in time.</summary>
    public bool HasFoundNoRoom { get; private set; }

    public override bool CanRead => false;

    /// <summary>So that <c>Response.Clear()</c> takes back what was written.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>The body, and the room that it does not need given back. Nothing is written any more.</summary>
    public byte[] Take()
    {
        var body = _isRented || _buffer.Length != _length ? _buffer[.._length] : _buffer;
        Free();
        holding.Shrink(body.Length);
        return body;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (MayGrowBy(buffer.Length) && (_hasRoom || await FindRoomAsync(cancellationToken)))
            Append(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For what the gateway says itself, which is short.</summary>
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

    /// <summary>An answer that is replaced by another before it was sent begins anew.</summary>
    public override void SetLength(long value) => _length = value <= _length ? (int)value : throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Free();
        base.Dispose(disposing);
    }

    private bool MayGrowBy(int count)
    {
        if (IsOverfull || HasFoundNoRoom)
            return false;
        if (Math.Max(_length + (long)count, _hasRoom ? 0 : announced() ?? 0) <= limit)
            return true;

        IsOverfull = true;
        Refuse();
        return false;
    }

    /// <summary>Once for each body and for all of it: bodies that each held a part and waited for the rest would wait for one another.</summary>
    private async ValueTask<bool> FindRoomAsync(CancellationToken cancellation)
    {
        // What does not say how long it is grows in buffers, and is there twice when it is taken out of them.
        _hasRoom = await holding.TryTakeAsync(announced() ?? 2L * limit, Patience, cancellation);
        if (_hasRoom)
            return true;

        cancellation.ThrowIfCancellationRequested();
        HasFoundNoRoom = true;
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

    /// <summary>To the announced length at once, which is then the body without another copy.</summary>
    private void Grow(int least)
    {
        var isAnnounced = announced() is { } whole && whole >= least && whole <= limit;
        var larger = isAnnounced ? new byte[announced()!.Value] : LargeBuffers.Pool.Rent(Math.Max(Math.Max(least, First), 2 * _length));
        var length = _length;
        _buffer.AsSpan(0, length).CopyTo(larger);
        Free();
        (_buffer, _length, _isRented) = (larger, length, !isAnnounced);
    }

    private void Refuse()
    {
        Free();
        holding.Dispose();
        onRefusal();
    }

    /// <summary>Whoever still holds the stream holds no bytes.</summary>
    private void Free()
    {
        if (_isRented)
            LargeBuffers.Pool.Return(_buffer);
        (_buffer, _length, _isRented) = ([], 0, false);
    }
}
