using CalGateway.Diagnosis.Bodies;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>Passes an answer on to the caller and copies its first part. The sample is queued once the caller has the whole answer.</summary>
/// <param name="sample">Receives the copy.</param>
/// <param name="reads">Compares the sample.</param>
internal sealed class ShadowSampleStream(HttpContent content, ShadowRead sample, ShadowReads reads) : ReadOnlyStream
{
    private readonly Lock _ending = new();
    private ShadowRead? _sample = sample;
    private Stream? _body;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _body ??= await content.ReadAsStreamAsync(cancellationToken);
        var count = await _body.ReadAsync(buffer, cancellationToken);
        if (count > 0)
            Copy(buffer.Span[..count]);
        else if (buffer.Length > 0)
            End(isComplete: true);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End(isComplete: false);
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Copy(ReadOnlySpan<byte> part)
    {
        lock (_ending)
            _sample?.Append(part);
    }

    /// <summary>The sample of an answer that broke off, or whose caller went away, is not compared unless it is full.</summary>
    private void End(bool isComplete)
    {
        ShadowRead? ended;
        lock (_ending)
            (ended, _sample) = (_sample, null);

        if (ended is null)
            return;
        if (isComplete || ended.IsCut)
            reads.Enqueue(ended);
        else
            reads.Release(ended);
    }
}
