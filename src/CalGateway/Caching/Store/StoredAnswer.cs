using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Store;

/// <summary>
/// A complete answer of Cal.com, prepared for writing. Its content does not change, except that <see cref="AnswerTable"/> adds the compressed forms; a
/// newer answer replaces the whole.
/// </summary>
internal sealed class StoredAnswer
{
    private Representations _body = null!; // required below
    private long _bytes;
    private bool _isUsed;
    private bool _isGone;
    private bool _isUncertain;

    public required string Key { get; init; }

    public required string[] Tags { get; init; }

    /// <summary>The hash of the caller's token that it was asked for with; null for an answer of the gateway's own accounts.</summary>
    public string? Owner { get; init; }

    public required string Policy { get; init; }

    public required Representations Body
    {
        get => Volatile.Read(ref _body);
        init => _body = value;
    }

    /// <summary>Those of every encoding.</summary>
    public required KeyValuePair<string, StringValues>[] Headers { get; init; }

    /// <summary>Cal.com's own <c>ETag</c>, by which it can say that nothing has changed.</summary>
    public required string? UpstreamTag { get; init; }

    /// <summary>An empty list: nothing is there, or the user does not exist. The two look alike.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>When it came from Cal.com, as a timestamp of the clock: the time of day may be set back.</summary>
    public required long StoredAt { get; init; }

    /// <summary>What it takes of the memory that the settings allow.</summary>
    public long Bytes => _bytes > 0 ? _bytes : _bytes = Weight.Of(this);

    /// <summary>Where it stands in the table's queue. Only the table uses it, under its lock.</summary>
    public LinkedListNode<StoredAnswer>? Place { get; set; }

    /// <summary>Evicted or replaced: it must not be served any more.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>A write may have changed it, or an eviction may have been missed: it is served only where Cal.com fails.</summary>
    public bool IsUncertain => Volatile.Read(ref _isUncertain);

    /// <summary>Only the table calls it, under its lock.</summary>
    public void Replace(Representations body)
    {
        Volatile.Write(ref _body, body);
        _bytes = 0;
    }

    public void MarkGone() => Volatile.Write(ref _isGone, true);

    public void MarkUncertain() => Volatile.Write(ref _isUncertain, true);

    /// <summary>It was served from the store.</summary>
    public void MarkUsed()
    {
        // Written only where it changes: all processors read the flag with each hit.
        if (!Volatile.Read(ref _isUsed))
            Volatile.Write(ref _isUsed, true);
    }

    /// <summary>Whether it was served from the store since this was last asked.</summary>
    public bool WasUsed() => Interlocked.Exchange(ref _isUsed, false);

    public Phase PhaseAt(TimeSpan age, ServingWindows windows)
    {
        var phase = windows.At(age);
        return IsUncertain && phase is (Phase.Fresh or Phase.Revalidate) ? Phase.IfError : phase;
    }
}
