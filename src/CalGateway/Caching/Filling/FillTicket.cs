namespace CalGateway.Caching.Filling;

/// <summary>What a request that needs a fill gets from <see cref="Fills"/>.</summary>
internal abstract record FillTicket
{
    private FillTicket()
    {
    }

    /// <summary>A fill was started, or queued, for this request.</summary>
    public sealed record Started(Fill Fill) : FillTicket;

    /// <summary>Another request had started or queued it.</summary>
    public sealed record Joined(Fill Fill) : FillTicket;

    /// <summary>The last fill failed a moment ago, and Cal.com is not asked again yet.</summary>
    public sealed record Remembered(RememberedFailure Failure) : FillTicket;

    /// <summary>The limit on fills in flight is reached.</summary>
    public sealed record Busy : FillTicket;
}
