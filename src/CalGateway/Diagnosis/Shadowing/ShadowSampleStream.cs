using CalGateway.Diagnosis.Bodies;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>An answer on its way to the caller, of which the beginning is copied. It hands the sample over once the caller has been sent the answer.</summary>
/// <param name="content">The answer's.</param>
/// <param name="sample">Where the copy goes.</param>
/// <param name="reads">Who goes on with it.</param>
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
            Keep(buffer.Span[..count]);
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

    private void Keep(ReadOnlySpan<byte> part)
    {
        lock (_ending)
            _sample?.Keep(part);
    }

    /// <summary>Of an answer that broke off, or whose caller went, nothing is compared, unless the sample is full.</summary>
    private void End(bool isComplete)
    {
        ShadowRead? ended;
        lock (_ending)
            (ended, _sample) = (_sample, null);

        if (ended is null)
            return;
        if (isComplete || ended.IsCut)
            reads.Ask(ended);
        else
            reads.Give(ended);
    }
}
