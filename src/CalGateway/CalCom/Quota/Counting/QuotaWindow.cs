using System.Net;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// How one key's window at Cal.com stands, as far as it can be told from here. Cal.com counts; what is counted here is only what Cal.com may not have told of
/// yet. The window ends here no earlier than there: what an answer tells of its end is an upper bound, and the least of these counts. All moments are of a
/// clock that does not jump. Not safe for several threads.
/// </summary>
internal sealed class QuotaWindow
{
    /// <summary>Until an answer has told another one.</summary>
    public const int UsualLimit = 120;

    /// <summary>The reset is told in whole seconds, rounded up.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestClosed = TimeSpan.FromMinutes(10);

    private readonly ForeignUse _foreign = new();
    private readonly Queue<TimeSpan> _uncertain = new();
    private TimeSpan _endsNotBefore;
    private TimeSpan _lastEnded = TimeSpan.MinValue;
    private bool _isTold;
    private int _counted;
    private int _inFlight;
    private int _own;

    public int Limit { get; private set; } = UsualLimit;

    public TimeSpan Length { get; private set; } = TimeSpan.FromMinutes(1);

    /// <summary>Null where none runs, so that the next request begins one.</summary>
    public TimeSpan? Ends { get; private set; }

    /// <summary>What a 429 has told of its end, where that is later than it is believed.</summary>
    public TimeSpan? SaidToEnd { get; private set; }

    /// <summary>Whether the upstream counts at all: it told its count, or refused for it. Null before the first answer.</summary>
    public bool? IsCounted { get; private set; }

    /// <summary>How many are used up in the window that runs: what Cal.com has counted, what is on its way, and what got no answer.</summary>
    public int Used => _counted + _inFlight + _uncertain.Count;

    public int Left => IsCounted == false ? int.MaxValue : Math.Max(0, Limit - Used);

    /// <summary>As <see cref="Left"/>, if Cal.com has counted all that is on its way.</summary>
    public int LeftOnceAnswered => IsCounted == false ? int.MaxValue : Math.Max(0, Limit - _counted - _uncertain.Count);

    /// <summary>What others have used of the same key.</summary>
    public int Foreign => _foreign.Seen;

    public int InFlight => _inFlight;

    /// <summary>What this gateway has used of the window that runs, as far as it was counted in it.</summary>
    public int Own => _own;

    /// <summary>What Cal.com has counted in the window that runs; 0 where it has not said.</summary>
    public int Counted => _isTold ? _counted : 0;

    /// <summary>What other gateways have used, which share the key with this one.</summary>
    public int Siblings { get; set; }

    /// <summary>Requests got no answer, and none is on its way that would tell whether they were counted.</summary>
    public bool IsUncertain => _inFlight == 0 && _uncertain.Count > 0;

    /// <summary>What others are expected to use of it yet.</summary>
    public int ForeignToCome(TimeSpan now) => Ends is { } ends && IsCounted == true ? _foreign.ToCome(Limit, ends - now, Length) : 0;

    /// <summary>True where a window has ended. What is on its way may be counted in the next.</summary>
    public bool Roll(TimeSpan now)
    {
        if (Ends is not { } ends || now < ends)
            return false;

        _lastEnded = ends;
        Begin(_inFlight > 0 ? now + Length + Rounding : null, TimeSpan.Zero, counted: 0, isTold: false);
        return true;
    }

    /// <summary>A request is about to be sent.</summary>
    public void Take(TimeSpan now)
    {
        Ends ??= now + Length + Rounding; // Cal.com's begins when the request arrives there
        _inFlight++;
        _own++;
    }

    /// <summary>It was not sent after all.</summary>
    public void Return()
    {
        _inFlight--;
        _own--;
    }

    /// <summary>It got no answer; Cal.com may have counted it.</summary>
    public void Lose(TimeSpan now)
    {
        _inFlight--;
        if (IsCounted == true && _uncertain.Count < Limit)
            _uncertain.Enqueue(now);
    }

    /// <summary>
    /// It was answered without a word about the quota. Cal.com does not count route misses (404). Before any answer has told of a quota, only a 2xx shows that the
    /// upstream does not count: an error may be the page of an edge, which Cal.com never saw.
    /// </summary>
    public void Answered(HttpStatusCode status)
    {
        _inFlight--;
        if (status == HttpStatusCode.NotFound || (IsCounted is null && (int)status is < 200 or > 299))
            return;

        IsCounted ??= false;
        if (IsCounted == true && Ends is not null)
            _counted++;
    }

    /// <summary>It was answered, and Cal.com told how the quota stands.</summary>
    public void Answered(in QuotaHeaders told, TimeSpan sentAt, TimeSpan now)
    {
        _inFlight--;
        IsCounted = true;
        var isNewLimit = told.Limit is { } limit && limit != Limit;
        Limit = told.Limit ?? Math.Max(Limit, told.Left + 1);
        var counted = Math.Max(0, Limit - told.Left);
        if (told.Reset is { } reset)
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
        _foreign.See(_counted - _own - Siblings, Ends!.Value - now, Length);
    }

    /// <summary>It was refused for the quota: there is nothing left until then.</summary>
    public void Close(TimeSpan said, TimeSpan now)
    {
        _inFlight--;
        IsCounted = true;
        var closed = Min(said, LongestClosed);
        if (Ends > now + closed && _counted >= Limit)
            return;

        Begin(now + closed, now + closed - Rounding, counted: Limit, isTold: true);
        SaidToEnd = now + said;
    }

    /// <summary>When it ends, for others who share the key; negative where one has just ended. Null where it is not known.</summary>
    public TimeSpan? KnownEnd(TimeSpan now) => _isTold && Ends is { } ends ? ends - now : _lastEnded > now - 2 * Rounding ? _lastEnded - now : null;

    /// <summary>In how long there are as many as before; null where no window runs.</summary>
    public TimeSpan? ResetsIn(TimeSpan now) => Ends > now ? Max(SaidToEnd ?? TimeSpan.Zero, Ends.Value) - now : null;

    /// <summary>Takes a count that an answer told, with the bounds between which its window ends. False where that is over.</summary>
    /// <param name="counted">How many Cal.com has counted.</param>
    /// <param name="isNewLimit">True where the limit has changed: what was counted under the former limit is then replaced, otherwise the higher count is kept, because answers overtake one another.</param>
    /// <param name="notBefore">The window ends no earlier than this.</param>
    /// <param name="ends">The window ends no later than this.</param>
    private bool Take(int counted, bool isNewLimit, TimeSpan notBefore, TimeSpan ends)
    {
        if (notBefore < _lastEnded || (_isTold && ends < _endsNotBefore))
            return false;

        if (Ends is null || !_isTold)
        {
            (Ends, _endsNotBefore, _counted, _isTold) = (ends, notBefore, counted, true);
        }
        else if (notBefore > Ends)
        {
            Begin(ends, notBefore, counted, isTold: true);
            _own++; // the request that is answered
        }
        else
        {
            (Ends, _endsNotBefore) = (Min(Ends.Value, ends), Max(_endsNotBefore, notBefore));
            _counted = isNewLimit ? counted : Math.Max(_counted, counted);
        }

        return true;
    }

    private void Begin(TimeSpan? ends, TimeSpan notBefore, int counted, bool isTold)
    {
        _foreign.Begin();
        _uncertain.Clear();
        (Ends, _endsNotBefore, _counted, _isTold, SaidToEnd) = (ends, notBefore, counted, isTold, null);
        (_own, Siblings) = (_inFlight, 0);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
