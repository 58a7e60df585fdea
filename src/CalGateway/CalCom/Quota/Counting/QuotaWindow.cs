using System.Net;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// The state of one key's window at Cal.com, estimated from answers. Cal.com's count is taken from them; added here is only what the last answer cannot include
/// yet. The window never ends here before it ends at Cal.com: each answer gives an upper bound of its end, and the lowest bound counts. All times are
/// elapsed times of a clock that does not jump. Not thread-safe.
/// </summary>
internal sealed class QuotaWindow
{
    /// <summary>Cal.com's limit for a key, assumed until an answer tells another one.</summary>
    public const int DefaultLimit = 120;

    /// <summary>A rate is extrapolated from at least this part of a window: two requests in its first moment say little about the whole.</summary>
    public const double MinElapsedPart = 1.0 / 30;

    /// <summary>Cal.com tells the reset in whole seconds, rounded up, so that the window may end up to this much earlier.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    /// <summary>After a 429 nothing is sent for at most this time, whatever the answer says. Then one request finds out.</summary>
    private static readonly TimeSpan MaxClosedTime = TimeSpan.FromMinutes(10);

    private readonly ForeignUse _foreign = new();
    private readonly Queue<TimeSpan> _uncertain = new();
    private TimeSpan _endsNotBefore;
    private TimeSpan _lastEnded = TimeSpan.MinValue;
    private bool _isKnown;
    private int _counted;

    public int Limit { get; private set; } = DefaultLimit;

    public TimeSpan Length { get; private set; } = TimeSpan.FromMinutes(1);

    /// <summary>When the current window ends; null if none runs, so that the next request begins one.</summary>
    public TimeSpan? Ends { get; private set; }

    /// <summary>When the window ends as a 429 said, even if that is later than <see cref="Ends"/>. Callers are told this.</summary>
    public TimeSpan? AnnouncedEnd { get; private set; }

    /// <summary>Whether the upstream counts requests: true after quota headers or a 429, false after a success without headers, null before.</summary>
    public bool? IsCounted { get; private set; }

    /// <summary>The used requests of the current window: those that Cal.com has counted, those on their way, and those that got no answer.</summary>
    public int Used => _counted + InFlight + _uncertain.Count;

    public int Left => IsCounted == false ? int.MaxValue : Math.Max(0, Limit - Used);

    /// <summary>As <see cref="Left"/>, if Cal.com's count already includes the requests on their way.</summary>
    public int LeftOnceAnswered => IsCounted == false ? int.MaxValue : Math.Max(0, Limit - _counted - _uncertain.Count);

    /// <summary>How many requests other users of the same key have sent in the current window.</summary>
    public int Foreign => _foreign.Seen;

    public int InFlight { get; private set; }

    /// <summary>How many requests this gateway has sent in the current window.</summary>
    public int Own { get; private set; }

    /// <summary>Cal.com's count in the current window; 0 if no answer has told it.</summary>
    public int Counted => _isKnown ? _counted : 0;

    /// <summary>How many requests the gateways that share Redis with this one have sent in the current window.</summary>
    public int Siblings { get; set; }

    /// <summary>True if requests got no answer, and none is on its way whose answer would tell whether they were counted.</summary>
    public bool IsUncertain => InFlight == 0 && _uncertain.Count > 0;

    /// <inheritdoc cref="ForeignUse.ToCome"/>
    public int ForeignToCome(TimeSpan now) => Ends is { } ends && IsCounted == true ? _foreign.ToCome(Limit, ends - now, Length) : 0;

    /// <summary>Begins a new window if the current one is over. Requests on their way may be counted in it. Returns true if it did.</summary>
    public bool Roll(TimeSpan now)
    {
        if (Ends is not { } ends || now < ends)
            return false;

        _lastEnded = ends;
        Begin(InFlight > 0 ? now + Length + Rounding : null, TimeSpan.Zero, counted: 0, isKnown: false);
        return true;
    }

    public void Take(TimeSpan now)
    {
        Ends ??= now + Length + Rounding; // Cal.com's begins when the request arrives there
        InFlight++;
        Own++;
    }

    /// <summary>To be called when an admitted request was not sent after all.</summary>
    public void Return()
    {
        InFlight--;
        Own--;
    }

    /// <summary>To be called when a request was sent and gets no answer. Cal.com may have counted it.</summary>
    public void RecordLost(TimeSpan now)
    {
        InFlight--;
        if (IsCounted == true && _uncertain.Count < Limit)
            _uncertain.Enqueue(now);
    }

    /// <summary>
    /// To be called when a request was answered without quota headers. Cal.com does not count route misses (404). Before any answer has told of a quota, only a 2xx shows that the
    /// upstream does not count: an error may be the page of an edge, which Cal.com never saw.
    /// </summary>
    public void Answered(HttpStatusCode status)
    {
        InFlight--;
        if (status == HttpStatusCode.NotFound || (IsCounted is null && (int)status is < 200 or > 299))
            return;

        IsCounted ??= false;
        if (IsCounted == true && Ends is not null)
            _counted++;
    }

    /// <summary>To be called when a request was answered with quota headers.</summary>
    public void Answered(in QuotaHeaders headers, TimeSpan sentAt, TimeSpan now)
    {
        InFlight--;
        IsCounted = true;
        var isNewLimit = headers.Limit is { } limit && limit != Limit;
        Limit = headers.Limit ?? Math.Max(Limit, headers.Left + 1);
        var counted = Math.Max(0, Limit - headers.Left);
        if (headers.Reset is { } reset)
        {
            if (reset >= Rounding && (counted == 1 || reset > Length))
                Length = reset;
            if (!Take(counted, isNewLimit, notBefore: sentAt + reset - Rounding, ends: now + reset))
                return;
        }
        else
        {
            Ends ??= now + Length;
            _counted = isNewLimit ? counted : Math.Max(_counted, counted);
        }

        while (_uncertain.TryPeek(out var lost) && lost < sentAt)
            _uncertain.Dequeue(); // this count includes it, if Cal.com has counted it
        _foreign.See(_counted - Own - Siblings, Ends!.Value - now, Length);
    }

    /// <summary>To be called when Cal.com answered 429: nothing is left until the time that it said.</summary>
    /// <param name="said">The time from now.</param>
    public void Close(TimeSpan said, TimeSpan now)
    {
        InFlight--;
        IsCounted = true;
        var closed = Min(said, MaxClosedTime);
        if (Ends > now + closed && _counted >= Limit)
            return;

        Begin(now + closed, now + closed - Rounding, counted: Limit, isKnown: true);
        AnnouncedEnd = now + said;
    }

    /// <summary>The time until the window ends, as gateways with the same Redis are told; negative if it has just ended, null if it is not known.</summary>
    public TimeSpan? KnownEnd(TimeSpan now) => _isKnown && Ends is { } ends ? ends - now : _lastEnded > now - 2 * Rounding ? _lastEnded - now : null;

    /// <summary>The time until the quota is whole again; null if no window runs.</summary>
    public TimeSpan? ResetsIn(TimeSpan now) => Ends > now ? Max(AnnouncedEnd ?? TimeSpan.Zero, Ends.Value) - now : null;

    /// <summary>Takes over what an answer headers. Returns false if the answer belongs to a window that is over.</summary>
    /// <param name="isNewLimit">
    /// True if the limit has changed, so that the count under the former limit is replaced. Otherwise the higher count is kept, because answers overtake one another.
    /// </param>
    /// <param name="notBefore">The window ends no earlier than this.</param>
    /// <param name="ends">The window ends no later than this.</param>
    private bool Take(int counted, bool isNewLimit, TimeSpan notBefore, TimeSpan ends)
    {
        if (notBefore < _lastEnded || (_isKnown && ends < _endsNotBefore))
            return false;

        if (Ends is null || !_isKnown)
        {
            (Ends, _endsNotBefore, _counted, _isKnown) = (ends, notBefore, counted, true);
        }
        else if (notBefore > Ends)
        {
            Begin(ends, notBefore, counted, isKnown: true);
            Own++; // the request that is answered
        }
        else
        {
            (Ends, _endsNotBefore) = (Min(Ends.Value, ends), Max(_endsNotBefore, notBefore));
            _counted = isNewLimit ? counted : Math.Max(_counted, counted);
        }

        return true;
    }

    private void Begin(TimeSpan? ends, TimeSpan notBefore, int counted, bool isKnown)
    {
        _foreign.Begin();
        _uncertain.Clear();
        (Ends, _endsNotBefore, _counted, _isKnown, AnnouncedEnd) = (ends, notBefore, counted, isKnown, null);
        (Own, Siblings) = (InFlight, 0);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
