using System.Net;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Quota.Counting;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>What is known of a key's window at Cal.com, at given moments.</summary>
public sealed class QuotaWindowTests
{
    private readonly QuotaWindow _window = new();

    [Fact]
    public void It_begins_with_120_and_follows_what_an_answer_tells()
    {
        Assert.Equal((120, 120), (_window.Limit, _window.Left));

        Ask(at: 0, answeredAt: 0.1, left: 499, reset: 60, limit: 500);
        Assert.Equal((500, 499), (_window.Limit, _window.Left));

        Ask(at: 1, answeredAt: 1.1, left: 2, reset: 59, limit: 3);
        Assert.Equal((3, 2), (_window.Limit, _window.Left));
    }

    [Fact]
    public void What_is_on_its_way_counts_until_it_is_answered()
    {
        for (var i = 0; i < 10; i++)
            _window.Take(Seconds(0));
        Assert.Equal(110, _window.Left);

        // Answers overtake one another: the fifth request is answered first.
        _window.Answered(Told(115, 60, 120), Seconds(0), Seconds(0.1));
        Assert.Equal(120 - 5 - 9, _window.Left);
        _window.Answered(Told(119, 60, 120), Seconds(0), Seconds(0.2));
        Assert.Equal(120 - 5 - 8, _window.Left);
    }

    [Fact]
    public void Somebody_else_with_the_same_key_is_seen_in_the_next_answer_and_left_room()
    {
        Ask(at: 0, answeredAt: 0.1, left: 119, reset: 60);
        Ask(at: 10, answeredAt: 10.1, left: 108, reset: 50);

        Assert.Equal((108, 10), (_window.Left, _window.Foreign));
        Assert.InRange(_window.ForeignToCome(Seconds(10.1)), 45, 50); // at this rate 50, and no more than half of all
    }

    [Fact]
    public void The_window_ends_no_earlier_than_at_Cal_com_and_the_least_bound_counts()
    {
        Ask(at: 0, answeredAt: 0.5, left: 119, reset: 60);
        Assert.Equal(Seconds(60.5), _window.Ends);

        Ask(at: 30.4, answeredAt: 30.45, left: 118, reset: 30); // 29.6 s there, told as 30
        Assert.Equal(Seconds(60.45), _window.Ends);

        Assert.False(_window.Roll(Seconds(60.4)));
        Assert.True(_window.Roll(Seconds(60.45)));
        Assert.Equal(120, _window.Left);
    }

    [Fact]
    public void What_is_on_its_way_when_a_window_ends_counts_in_the_next()
    {
        Ask(at: 0, answeredAt: 0.1, left: 119, reset: 60);
        _window.Take(Seconds(59.9));

        Assert.True(_window.Roll(Seconds(60.2)));

        Assert.Equal(119, _window.Left);
    }

    [Fact]
    public void An_answer_of_the_window_before_says_nothing_of_this_one()
    {
        Ask(at: 0, answeredAt: 0.1, left: 119, reset: 60);
        _window.Take(Seconds(59.5));
        _window.Roll(Seconds(60.2));

        _window.Answered(Told(0, 1, 120), Seconds(59.5), Seconds(60.3));

        Assert.Equal(120, _window.Left);
    }

    [Fact]
    public void A_window_that_began_earlier_than_was_believed_takes_the_place_of_the_old_one()
    {
        Ask(at: 0, answeredAt: 30, left: 119, reset: 60); // so slow that the end may be anywhere until 90
        Ask(at: 70, answeredAt: 70.1, left: 110, reset: 55);

        Assert.Equal((Seconds(125.1), 110), (_window.Ends, _window.Left));
    }

    [Fact]
    public void What_got_no_answer_counts_until_an_answer_to_a_later_request_tells_whether_it_did()
    {
        Ask(at: 0, answeredAt: 0.1, left: 119, reset: 60);
        _window.Take(Seconds(1));
        _window.RecordLost(Seconds(5));
        Assert.Equal(118, _window.Left);

        Ask(at: 6, answeredAt: 6.1, left: 118, reset: 54);
        Assert.Equal(118, _window.Left);
    }

    [Fact]
    public void A_refusal_closes_it_until_the_time_that_was_told_and_no_longer_than_ten_minutes()
    {
        _window.Take(Seconds(0));
        _window.Close(Seconds(60), Seconds(1));
        Assert.Equal((0, Seconds(60)), (_window.Left, _window.ResetsIn(Seconds(1))));
        Assert.True(_window.Roll(Seconds(61)));

        _window.Take(Seconds(61));
        _window.Close(TimeSpan.FromDays(1), Seconds(62));
        Assert.Equal(TimeSpan.FromDays(1), _window.ResetsIn(Seconds(62))); // as it was told
        Assert.True(_window.Roll(Seconds(662)));
    }

    [Fact]
    public void An_upstream_that_does_not_count_is_not_limited_until_it_refuses_once()
    {
        _window.Take(Seconds(0));
        _window.Answered(HttpStatusCode.BadGateway); // an edge's page tells nothing of Cal.com
        Assert.Equal(120, _window.Left);

        _window.Take(Seconds(0));
        _window.Answered(HttpStatusCode.OK);
        Assert.Equal(int.MaxValue, _window.Left);

        _window.Take(Seconds(1));
        _window.Close(Seconds(60), Seconds(1));
        _window.Roll(Seconds(61));
        Assert.Equal(120, _window.Left);

        _window.Take(Seconds(62));
        _window.Answered(HttpStatusCode.OK);
        _window.Take(Seconds(62));
        _window.Answered(HttpStatusCode.NotFound); // a route miss, which Cal.com does not count
        Assert.Equal(119, _window.Left);
    }

    [Fact]
    public void A_reset_that_never_comes_is_not_waited_for()
    {
        Ask(at: 0, answeredAt: 0.1, left: 0, reset: null);
        Assert.Equal(0, _window.Left);

        Assert.True(_window.Roll(Seconds(61.1)));
        Assert.Equal(120, _window.Left);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static QuotaHeaders Told(int left, double? reset, int? limit) => new(left, reset is { } seconds ? Seconds(seconds) : null, limit);

    private void Ask(double at, double answeredAt, int left, double? reset, int? limit = 120)
    {
        _window.Roll(Seconds(at));
        _window.Take(Seconds(at));
        _window.Roll(Seconds(answeredAt));
        _window.Answered(Told(left, reset, limit), Seconds(at), Seconds(answeredAt));
    }
}
