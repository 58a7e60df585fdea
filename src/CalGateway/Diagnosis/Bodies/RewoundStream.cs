namespace CalGateway.Diagnosis.Bodies;

/// <summary>A stream of which the first bytes were read already, from its beginning again.</summary>
/// <param name="head">What was read.</param>
/// <param name="rest">What it was read from.</param>
/// <param name="underWay">A read of the rest that has been begun; null for none.</param>
internal sealed class RewoundStream(ReadOnlyMemory<byte> head, Stream rest, BegunRead? underWay = null) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _head = head;
    private BegunRead? _underWay = underWay;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        !_head.IsEmpty ? ValueTask.FromResult(TakeHead(buffer.Span))
        : _underWay is null ? rest.ReadAsync(buffer, cancellationToken)
        : EndReadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> EndReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var begun = _underWay!;
        var count = await begun.Count.WaitAsync(cancellation);
        (_underWay, _head) = (null, begun.Into[..count]);
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

/// <summary>A read that nobody waited for to its end.</summary>
internal sealed record BegunRead(Task<int> Count, ReadOnlyMemory<byte> Into);
