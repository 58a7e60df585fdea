using CalGateway.CalCom.Quota.Counting;
using CalGateway.CalCom.Quota.Sharing;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>Who gets how much of a window, played through in memory.</summary>
public sealed class FairShareTests
{
    private const int Limit = 120;
    private const int Kept = 12;

    [Fact]
    public void One_that_is_alone_gets_all_that_is_not_kept_for_writes() =>
        Assert.Equal([108], Play(windows: 1, [(1, 400)])[0]);

    [Fact]
    public void One_that_sends_nine_tenths_takes_nothing_from_those_who_ask_for_little()
    {
        foreach (var window in Play(windows: 3, [(1, 1080), (1, 40), (1, 40), (1, 40)]))
        {
            Assert.All(window[1..], modest => Assert.InRange(modest, 27, 40));
            Assert.InRange(window.Sum(), 106, 108);
        }
    }

    [Fact]
    public void What_one_leaves_goes_to_the_others_as_soon_as_that_is_known()
    {
        var windows = Play(windows: 3, [(1, 1000), (1, 5)]);

        Assert.All(windows, window => Assert.Equal(5, window[1]));
        Assert.InRange(windows[1][0], 95, 103);
        Assert.InRange(windows[2][0], 95, 103);
    }

    [Fact]
    public void Those_who_all_ask_for_too_much_get_alike()
    {
        foreach (var window in Play(windows: 2, [(1, 300), (1, 300), (1, 300)]))
            Assert.All(window, used => Assert.InRange(used, 34, 38));
    }

    [Fact]
    public void A_share_of_two_is_twice_a_share_of_one()
    {
        var window = Play(windows: 2, [(2, 600), (1, 600)])[1];

        Assert.InRange(window[0], 69, 75);
        Assert.InRange(window[1], 33, 39);
    }

    [Fact]
    public void A_limit_smaller_than_the_number_of_consumers_is_used_up_all_the_same() =>
        Assert.Equal(3, Play(windows: 2, [(1, 50), (1, 50), (1, 50), (1, 50), (1, 50)], limit: 3, kept: 0)[1].Sum());

    /// <summary>Each asks evenly over windows of sixty seconds. What each was given, by window.</summary>
    private static List<int[]> Play(int windows, (double Share, int Asks)[] consumers, int limit = Limit, int kept = Kept)
    {
        var table = new ConsumerTable();
        var given = new List<int[]>();
        for (var window = 0; window < windows; window++)
        {
            table.BeginWindow();
            var used = new int[consumers.Length];
            var asks = consumers.SelectMany((consumer, index) => Enumerable.Range(0, consumer.Asks).Select(ask => (At: (ask + 0.5) / consumer.Asks, Index: index)));
            foreach (var (at, index) in asks.OrderBy(ask => ask.At).ThenBy(ask => ask.Index))
            {
                var consumer = table.Ask($"consumer {index}", consumers[index].Share);
                table.Divide(limit, kept, rest: 1 - at, now: TimeSpan.FromSeconds(60 * (window + at)));
                if (!FairShares.MayTake(consumer, table.Active, limit - used.Sum() - kept, isWrite: false))
                    continue;

                consumer.Used++;
                used[index]++;
            }

            given.Add(used);
        }

        return given;
    }

    [Fact]
    public void A_consumer_that_the_other_gateways_report_no_more_counts_once_when_it_asks_here()
    {
        var table = new ConsumerTable();
        table.Receive([new ConsumerReport(ConsumerReport.IdOf("one"), Share: 1, Asked: 5, Used: 5)]);
        table.Receive([]);

        var one = table.Ask("one", share: 1);

        Assert.Same(one, Assert.Single(table.Active));
        Assert.Equal((1, 0), (one.TotalAsked, one.TotalUsed));
    }
}
