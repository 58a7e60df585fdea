namespace CalGateway.Diagnosis.Bodies;

/// <summary>Returns bytes that were already read from a stream, then the rest of it.</summary>
/// <param name="pending">A read of <paramref name="rest"/> that has started but not ended; null for none.</param>
internal sealed class RewoundStream(ReadOnlyMemory<byte> head, Stream rest, PendingRead? pending = null) : ReadOnlyStream(rest)
{
    private ReadOnlyMemory<byte> _head = head;
    private PendingRead? _pending = pending;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        !_head.IsEmpty ? ValueTask.FromResult(TakeHead(buffer.Span))
        : _pending is null ? Inner.ReadAsync(buffer, cancellationToken)
        : EndReadAsync(buffer, cancellationToken);

    private async ValueTask<int> EndReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var pending = _pending!;
        var count = await pending.Count.WaitAsync(cancellation);
        (_pending, _head) = (null, pending.Into[..count]);
        return TakeHead(buffer.Span);
    }

    private int TakeHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _head.Length);
        _head.Span[..count].CopyTo(buffer);
        _head = _head[count..];
        return count;
    }
}

/// <summary>A read that has started but not ended.</summary>
internal sealed record PendingRead(Task<int> Count, ReadOnlyMemory<byte> Into);
