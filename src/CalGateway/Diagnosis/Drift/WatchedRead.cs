using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>What the drift watch keeps of one read.</summary>
internal sealed class WatchedRead(LearnedStructure learned)
{
    /// <summary>In each <see cref="RefreshWindow"/>: answers that change to and fro must not keep the cache empty.</summary>
    private const int MaxRefreshes = 12;

    private static readonly TimeSpan RefreshWindow = TimeSpan.FromHours(1);

    private int _refreshes;
    private DateTimeOffset _refreshedSince;

    public LearnedStructure Learned { get; } = learned;

    public IReadOnlyList<FieldChange> Changes { get; set; } = [];

    /// <summary>The latest answer that had an <c>ETag</c>; null where it is not kept.</summary>
    public (string Tag, AnswerStructure Structure)? Latest { get; set; }

    public DateTimeOffset ExaminedAt { get; set; }

    public DateTimeOffset SharedAt { get; set; }

    /// <summary>Whether Cal.com may be asked before stored answers are served again.</summary>
    public bool MayRefresh(DateTimeOffset now)
    {
        if (now - _refreshedSince > RefreshWindow)
            (_refreshes, _refreshedSince) = (0, now);
        return _refreshes++ < MaxRefreshes;
    }
}
