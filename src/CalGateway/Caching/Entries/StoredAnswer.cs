using CalGateway.Caching.Plans;
using CalGateway.Caching.Serving;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Entries;

/// <summary>
/// A complete answer of Cal.com, prepared for writing. It never changes, except that <see cref="AnswerTable"/> adds its compressed forms; a newer
/// one takes its place.
/// </summary>
internal sealed class StoredAnswer
{
    /// <summary>The same answer can be asked for in endless ways of writing; so many are remembered.</summary>
    private const int MostSpellings = 4;

    private readonly Lock _spelling = new();
    private List<Action>? _spellings;
    private object? _spelledFor;
    private Moment? _moment;
    private Representations _body = null!; // required below
    private long _bytes;
    private bool _isUsed;
    private bool _isGone;
    private bool _isDoubted;

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

    /// <summary>Nothing is there, or nobody of that name: the two look alike.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>When it came from Cal.com, by the clock that only runs forwards: the time of day may be set back.</summary>
    public required long StoredAt { get; init; }

    /// <summary>What it takes of the memory that the settings allow.</summary>
    public long Bytes => _bytes > 0 ? _bytes : _bytes = Weight.Of(this);

    /// <summary>The table's, under its lock.</summary>
    public void Replace(Representations body)
    {
        Volatile.Write(ref _body, body);
        _bytes = 0;
    }

    /// <summary>Where it stands in the table's queue; the table's, under its lock.</summary>
    public LinkedListNode<StoredAnswer>? Place { get; set; }

    /// <summary>Evicted or replaced: who still holds it must not serve it.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>A write may have changed it, or an eviction may have been missed: it is served only where Cal.com fails.</summary>
    public bool IsDoubted => Volatile.Read(ref _isDoubted);

    /// <summary>Whether it was served since it was asked this before; the serving for which it was fetched does not count.</summary>
    public bool WasUsed() => Interlocked.Exchange(ref _isUsed, false);

    public bool HasTag(string tag) => Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whoever remembers it forgets it now: nothing may keep alive what the table no longer counts.</summary>
    public void Leave()
    {
        lock (_spelling)
        {
            Volatile.Write(ref _isGone, true);
            _spellings?.ForEach(forget => forget());
            _spellings = null;
        }
    }

    /// <summary>Has somebody remember a request that it answers; unless it is gone, or enough of them are remembered.</summary>
    /// <param name="whoRemembers">Who has succeeded to another remembers nothing of what the other did.</param>
    /// <param name="remember">Done at once, if at all.</param>
    /// <param name="forget">Done when the answer is gone.</param>
    public void Spell(object whoRemembers, Action remember, Action forget)
    {
        lock (_spelling)
        {
            if (IsGone)
                return;

            if (!ReferenceEquals(_spelledFor, whoRemembers))
                (_spelledFor, _spellings) = (whoRemembers, []);
            if (_spellings!.Count >= MostSpellings)
                return;

            remember();
            _spellings.Add(forget);
        }
    }

    /// <summary>Who remembered has forgotten everything by itself.</summary>
    public void LoseSpellings(object whoRemembered)
    {
        lock (_spelling)
        {
            if (ReferenceEquals(_spelledFor, whoRemembered))
                (_spelledFor, _spellings) = (null, null);
        }
    }

    public void Doubt() => Volatile.Write(ref _isDoubted, true);

    public Phase PhaseAt(TimeSpan age, ServingWindows windows)
    {
        var phase = windows.At(age);
        return IsDoubted && phase is (Phase.Fresh or Phase.Revalidate) ? Phase.IfError : phase;
    }

    /// <summary>What is said of its age, made once a second and not once a request.</summary>
    public Moment MomentAt(TimeSpan age, ServingWindows windows)
    {
        var second = (long)age.TotalSeconds;
        var moment = Volatile.Read(ref _moment);
        if (moment is not null && !Volatile.Read(ref _isUsed))
            Volatile.Write(ref _isUsed, true);

        if (moment is null || moment.Second != second || !ReferenceEquals(moment.Windows, windows))
        {
            moment = new Moment(second, windows, age);
            Volatile.Write(ref _moment, moment);
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
