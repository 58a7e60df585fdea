using CalGateway.Diagnosis.Bodies;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// Passes an answer on unchanged and copies its first bytes. When the answer ends or the copy is full, the copy is handed over, once. An answer that breaks
/// off is not handed over.
/// </summary>
/// <param name="take">Receives the copied bytes, and whether they are the whole answer.</param>
internal sealed class DriftSampleStream(Stream body, Action<ReadOnlyMemory<byte>, bool> take) : ReadOnlyStream
{
    /// <summary>The largest part of an answer that is examined.</summary>
    public const int MaxBytes = 128 * 1024;

    private const int InitialCapacity = 8 * 1024;

    private byte[]? _copy = new byte[InitialCapacity];
    private int _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken);
        if (_copy is not null && !buffer.IsEmpty)
            Copy(buffer.Span[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            HandOver(isWhole: true);
            return;
        }

        var kept = bytes[..Math.Min(bytes.Length, MaxBytes - _length)];
        if (_length + kept.Length > _copy!.Length)
            Array.Resize(ref _copy, Math.Min(MaxBytes, Math.Max(_copy.Length * 2, _length + kept.Length)));
        kept.CopyTo(_copy.AsSpan(_length));
        _length += kept.Length;
        if (kept.Length < bytes.Length || _length == MaxBytes)
            HandOver(isWhole: false);
    }

    private void HandOver(bool isWhole)
    {
        take(_copy.AsMemory(0, _length), isWhole);
        _copy = null;
    }
}
