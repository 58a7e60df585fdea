namespace CalGateway.Diagnosis.Bodies;

/// <summary>
/// Passes an answer on unchanged and copies its first bytes. The copy is handed over once, when the answer ends or the copy is full. The copy of an answer that
/// breaks off before, or whose caller hangs up, is dropped.
/// </summary>
/// <param name="take">Receives the copied bytes, and whether they are the whole answer.</param>
/// <param name="drop">Called when a copy is dropped.</param>
internal sealed class SampleStream(Stream body, int maxBytes, Action<ReadOnlyMemory<byte>, bool> take, Action? drop = null) : ReadOnlyStream(body)
{
    private const int InitialCapacity = 8 * 1024;

    private byte[] _copy = new byte[InitialCapacity];
    private int _length;
    private int _isOver;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken);
        if (Volatile.Read(ref _isOver) == 0 && !buffer.IsEmpty)
            Copy(buffer.Span[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && TryEnd())
            drop?.Invoke();
        base.Dispose(disposing);
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        var kept = bytes[..Math.Min(bytes.Length, maxBytes - _length)];
        if (_length + kept.Length > _copy.Length)
            Array.Resize(ref _copy, Math.Min(maxBytes, Math.Max(_copy.Length * 2, _length + kept.Length)));
        kept.CopyTo(_copy.AsSpan(_length));
        _length += kept.Length;
        if ((bytes.IsEmpty || _length == maxBytes) && TryEnd())
            take(_copy.AsMemory(0, _length), bytes.IsEmpty);
    }

    /// <summary>True once: the caller may hang up, which disposes the stream, while the last bytes are read.</summary>
    private bool TryEnd() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
