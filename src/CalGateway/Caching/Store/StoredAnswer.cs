using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Store;

/// <summary>A complete answer of Cal.com. Only its compressed forms may be added later; a newer answer replaces the whole object.</summary>
internal sealed class StoredAnswer
{
    private Representations _body = null!; // required below
    private long _bytes;
    private bool _isUsed;
    private bool _isGone;
    private bool _isUncertain;

    public required string Key { get; init; }

    public required string[] Tags { get; init; }

    /// <summary>The hash of the caller's own token that signed the request; null if an account of the gateway signed it.</summary>
    public string? Owner { get; init; }

    public required string Policy { get; init; }

    public required Representations Body
    {
        get => Volatile.Read(ref _body);
        init => _body = value;
    }

    /// <summary>The headers that are the same for every encoding.</summary>
    public required KeyValuePair<string, StringValues>[] Headers { get; init; }

    /// <summary>Cal.com's <c>ETag</c>, with which a refresh asks whether the answer has changed.</summary>
    public required string? UpstreamTag { get; init; }

    /// <summary>The list is empty, either because nothing is there or because the user does not exist; Cal.com's answer is the same.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>When the answer came from Cal.com, as a timestamp of the clock, because the time of day may be set back.</summary>
    public required long StoredAt { get; init; }

    /// <summary>The estimated memory, for the limit in the settings.</summary>
    public long Bytes => _bytes > 0 ? _bytes : _bytes = Weight.Of(this);

    /// <summary>Its place in the queue of the table. Only the table uses it, under its lock.</summary>
    public LinkedListNode<StoredAnswer>? Place { get; set; }

    /// <summary>The answer was evicted or replaced, and must not be served any more.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>A write may have changed it, or an eviction may have been missed. It is served only if Cal.com fails.</summary>
    public bool IsUncertain => Volatile.Read(ref _isUncertain);

    /// <summary>To be called by the table alone, under its lock.</summary>
    public void Replace(Representations body)
    {
        Volatile.Write(ref _body, body);
        _bytes = 0;
    }

    public void MarkGone() => Volatile.Write(ref _isGone, true);

    public void MarkUncertain() => Volatile.Write(ref _isUncertain, true);

    /// <summary>Notes that the answer was served from the store.</summary>
    public void MarkUsed()
    {
        // Written only if it changes, because all processors read the flag at each hit.
        if (!Volatile.Read(ref _isUsed))
            Volatile.Write(ref _isUsed, true);
    }

    /// <summary>Whether the answer was served from the store since the last call.</summary>
    public bool WasUsed() => Interlocked.Exchange(ref _isUsed, false);

    public Phase PhaseAt(TimeSpan age, ServingWindows windows)
    {
        var phase = windows.At(age);
        return IsUncertain && phase is (Phase.Fresh or Phase.Revalidate) ? Phase.IfError : phase;
    }
}
