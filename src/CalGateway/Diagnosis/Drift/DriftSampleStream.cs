using CalGateway.Diagnosis.Bodies;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// Passes an answer on as it comes, and keeps a copy of its first bytes. When the answer has come to its end, or the copy is full, the copy is handed
/// on, once; an answer that breaks off hands on nothing.
/// </summary>
/// <param name="body">The answer.</param>
/// <param name="take">Given the bytes, and whether they are all.</param>
internal sealed class DriftSampleStream(Stream body, Action<ReadOnlyMemory<byte>, bool> take) : ReadOnlyStream
{
    /// <summary>As much of an answer as is looked at.</summary>
    public const int MostBytes = 128 * 1024;

    private const int FirstBytes = 8 * 1024;

    private byte[]? _copy = new byte[FirstBytes];
    private int _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken);
        if (_copy is not null && !buffer.IsEmpty)
            Keep(buffer.Span[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            Hand(isWhole: true);
            return;
        }

        var kept = bytes[..Math.Min(bytes.Length, MostBytes - _length)];
        if (_length + kept.Length > _copy!.Length)
            Array.Resize(ref _copy, Math.Min(MostBytes, Math.Max(_copy.Length * 2, _length + kept.Length)));
        kept.CopyTo(_copy.AsSpan(_length));
        _length += kept.Length;
        if (kept.Length < bytes.Length || _length == MostBytes)
            Hand(isWhole: false);
    }

    private void Hand(bool isWhole)
    {
        take(_copy.AsMemory(0, _length), isWhole);
        _copy = null;
    }
}
