using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;

namespace CalGateway.CalCom.Quota;

/// <summary>What one request takes of a key's quota, until it is known what became of it. For one thread at a time.</summary>
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

    /// <summary>Whose it is; null for a refusal.</summary>
    public ConsumerUse? Consumer { get; }

    public Refusal? Refusal { get; }

    public override bool IsAcquired => Refusal is null;

    public override IEnumerable<string> MetadataNames => Refusal is null ? [] : [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = Refusal is not null && metadataName == MetadataName.RetryAfter.Name ? Refusal.RetryAfter : null;
        return metadata is not null;
    }

    /// <summary>The request is on its way, and Cal.com may count it.</summary>
    public void Sent()
    {
        if (_stage == Stage.Taken)
            (_stage, _sentAt) = (Stage.Sent, _account.Now);
    }

    /// <summary>The headers of its answer have come.</summary>
    public void Answered(HttpResponseMessage answer)
    {
        if (_stage == Stage.Sent)
            _account.Answered(answer, _sentAt);
        _stage = Stage.Over;
    }

    /// <summary>There will be no answer.</summary>
    /// <param name="hadConnection">Otherwise it was certainly not sent.</param>
    public void Failed(bool hadConnection)
    {
        if (_stage == Stage.Sent && hadConnection)
            _account.Lose();
        else if (_stage != Stage.Over)
            _account.Return(Consumer!);
        _stage = Stage.Over;
    }

    /// <summary>What was never sent is given back; what was sent and is given up may have been counted.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Failed(hadConnection: true);
        base.Dispose(disposing);
    }
}
