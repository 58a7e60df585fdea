using CalGateway.Caching.Plans;
using CalGateway.Caching.Serving;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Entries;

/// <summary>A complete answer of Cal.com, prepared for writing. It never changes; a newer one takes its place.</summary>
internal sealed class StoredAnswer
{
    /// <summary>What the objects around the bytes take, by measurement.</summary>
    private const int Overhead = 1200;

    private Moment? _moment;
    private long _lastUsed;
    private bool _isGone;
    private bool _isDoubted;

    public required string Key { get; init; }

    public required string[] Tags { get; init; }

    public required string Policy { get; init; }

    public required Representations Body { get; init; }

    /// <summary>Those of every encoding.</summary>
    public required KeyValuePair<string, StringValues>[] Headers { get; init; }

    /// <summary>Cal.com's own <c>ETag</c>, by which it can say that nothing has changed.</summary>
    public required string? UpstreamTag { get; init; }

    /// <summary>Nothing is there, or nobody of that name: the two look alike.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>When it came from Cal.com, by the clock that only runs forwards: the time of day may be set back.</summary>
    public required long StoredAt { get; init; }

    public long Bytes => Body.Bytes + (2 * Key.Length) + Overhead;

    /// <summary>Evicted or replaced: who still holds it must not serve it.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>A write may have changed it, or an eviction may have been missed: it is served only where Cal.com fails.</summary>
    public bool IsDoubted => Volatile.Read(ref _isDoubted);

    /// <summary>By the clock's timestamp; roughly, to the second.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    public void Leave() => Volatile.Write(ref _isGone, true);

    public void Doubt() => Volatile.Write(ref _isDoubted, true);

    public Phase PhaseAt(TimeSpan age, ServingWindows windows)
    {
        var phase = windows.At(age);
        return IsDoubted && phase is (Phase.Fresh or Phase.Revalidate) ? Phase.IfError : phase;
    }

    /// <summary>What is said of its age, made once a second and not once a request.</summary>
    public Moment MomentAt(TimeSpan age, ServingWindows windows, long now)
    {
        var second = (long)age.TotalSeconds;
        var moment = Volatile.Read(ref _moment);
        if (moment is null || moment.Second != second || !ReferenceEquals(moment.Windows, windows))
        {
            moment = new Moment(second, windows, age);
            Volatile.Write(ref _moment, moment);
            Volatile.Write(ref _lastUsed, now);
        }

        return moment;
    }
}

/// <summary>The headers that change with an answer's age, for one second of it.</summary>
internal sealed class Moment(long second, ServingWindows windows, TimeSpan age)
{
    public long Second { get; } = second;

    public ServingWindows Windows { get; } = windows;

    public StringValues Age { get; } = second.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public string Hit { get; } = CacheStatus.Hit(windows.SecondsLeft(age));
}
