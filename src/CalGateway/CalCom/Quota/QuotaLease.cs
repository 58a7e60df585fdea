using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;

namespace CalGateway.CalCom.Quota;

/// <summary>The part of a key's quota that one request takes, until it is known what became of the request. Not thread-safe.</summary>
internal sealed class QuotaLease : RateLimitLease
{
    private readonly QuotaAccount _account;
    private Stage _stage;
    private TimeSpan _sentAt;

    public QuotaLease(QuotaAccount account, ConsumerUse consumer) => (_account, Consumer) = (account, consumer);

    public QuotaLease(QuotaAccount account, Refusal refusal) => (_account, Refusal, _stage) = (account, refusal, Stage.Over);

    private enum Stage
    {
        Taken,
        Sent,
        Over,
    }

    /// <summary>The consumer that sends the request; null for a refusal.</summary>
    public ConsumerUse? Consumer { get; }

    public Refusal? Refusal { get; }

    public override bool IsAcquired => Refusal is null;

    public override IEnumerable<string> MetadataNames => Refusal is null ? [] : [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = Refusal is not null && metadataName == MetadataName.RetryAfter.Name ? Refusal.RetryAfter : null;
        return metadata is not null;
    }

    /// <summary>To be called when the request is sent. From then on Cal.com may count it.</summary>
    public void Sent()
    {
        if (_stage == Stage.Taken)
            (_stage, _sentAt) = (Stage.Sent, _account.Now);
    }

    public void Answered(HttpResponseMessage answer)
    {
        if (_stage == Stage.Sent)
            _account.Answered(answer, _sentAt);
        _stage = Stage.Over;
    }

    public void Failed(bool hadConnection)
    {
        if (_stage == Stage.Sent && hadConnection)
            _account.RecordLost();
        else if (_stage != Stage.Over)
            _account.Return(Consumer!);
        _stage = Stage.Over;
    }

    /// <summary>Gives the part back if the request was never sent. If it was sent and abandoned, Cal.com may have counted it.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Failed(hadConnection: true);
        base.Dispose(disposing);
    }
}
