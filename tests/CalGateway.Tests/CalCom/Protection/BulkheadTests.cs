using CalGateway.CalCom.Protection;
using CalGateway.Journey;

namespace CalGateway.Tests.CalCom.Protection;

/// <summary>Who is let in to an upstream that takes a few requests at once, and in which order.</summary>
public sealed class BulkheadTests
{
    private readonly Bulkhead _bulkhead = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_as_the_limit_are_let_in_as_many_again_wait_and_the_rest_is_refused()
    {
        var asked = Enumerable.Range(0, 10_000).Select(_ => Enter(RequestClass.Read, limit: 3)).ToList();

        Assert.Equal((3, 3), (_bulkhead.Active, _bulkhead.Waiting));
        Assert.All(asked.Take(3), entry => Assert.Equal(Entry.Entered, entry.Result));
        Assert.All(asked.Skip(3).Take(3), entry => Assert.False(entry.IsCompleted));
        Assert.All(asked.Skip(6), entry => Assert.Equal(Entry.Full, entry.Result));

        for (var left = 0; left < 6; left++)
            _bulkhead.Release(limit: 3);
        Assert.Equal(Entry.Entered, await asked[5]);
        Assert.Equal((0, 0), (_bulkhead.Active, _bulkhead.Waiting));
    }

    [Fact]
    public async Task Writes_come_before_reads_reads_before_refreshes_and_within_a_class_who_came_first()
    {
        for (var active = 0; active < 5; active++)
            await Enter(RequestClass.Read, limit: 5);
        var order = new List<string>();
        var waiting = new List<Task>();
        foreach (var (name, of) in new[] { ("refresh", RequestClass.Refresh), ("read", RequestClass.Read), ("write", RequestClass.Write), ("read 2", RequestClass.Read), ("write 2", RequestClass.Write) })
        {
            var entry = Enter(of, limit: 5);
            waiting.Add(Add(entry, name));
        }

        for (var left = 0; left < 5; left++)
        {
            var before = order.Count;
            _bulkhead.Release(limit: 5);
            await TestInfrastructure.Eventually.TrueAsync(() => order.Count > before, "the next is let in");
        }

        await Task.WhenAll(waiting);
        Assert.Equal(["write", "write 2", "read", "read 2", "refresh"], order);

        async Task Add(Task<Entry> entry, string name)
        {
            Assert.Equal(Entry.Entered, await entry);
            lock (order)
                order.Add(name);
        }
    }

    [Fact]
    public async Task Whoever_goes_away_while_it_waits_frees_its_place_and_is_not_let_in()
    {
        await Enter(RequestClass.Read, limit: 1);
        using var hangUp = new CancellationTokenSource();
        var gone = _bulkhead.EnterAsync(RequestClass.Write, mayWait: true, 1, hangUp.Token).AsTask();
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal((1, 0), (_bulkhead.Active, _bulkhead.Waiting));

        var next = Enter(RequestClass.Read, limit: 1);
        _bulkhead.Release(limit: 1);

        Assert.Equal(Entry.Entered, await next);
        Assert.Equal((1, 0), (_bulkhead.Active, _bulkhead.Waiting));
    }

    [Fact]
    public async Task Where_nobody_more_may_wait_a_write_takes_the_place_of_whoever_came_last_of_a_later_class()
    {
        await Enter(RequestClass.Read, limit: 2);
        await Enter(RequestClass.Read, limit: 2);
        var refresh = Enter(RequestClass.Refresh, limit: 2);
        var read = Enter(RequestClass.Read, limit: 2);

        var write = Enter(RequestClass.Write, limit: 2);
        var curious = Enter(RequestClass.Curiosity, limit: 2);

        Assert.Equal((Entry.Full, Entry.Full), (await refresh, await curious));
        Assert.False(read.IsCompleted || write.IsCompleted);
    }

    [Fact]
    public async Task A_limit_that_is_raised_lets_in_and_one_that_is_lowered_sends_nobody_away()
    {
        await Enter(RequestClass.Read, limit: 1);
        var waiting = Enter(RequestClass.Read, limit: 1);

        Assert.Equal(Entry.Entered, await Enter(RequestClass.Read, limit: 3));
        Assert.Equal(Entry.Entered, await waiting);
        Assert.Equal(3, _bulkhead.Active);

        var next = Enter(RequestClass.Read, limit: 1);
        _bulkhead.Release(limit: 1);
        Assert.False(next.IsCompleted);
        _bulkhead.Release(limit: 1);
        _bulkhead.Release(limit: 1);
        Assert.Equal(Entry.Entered, await next);
    }

    [Fact]
    public async Task Those_who_wait_are_sent_away_together_and_0_is_no_limit()
    {
        await Enter(RequestClass.Read, limit: 1);
        var waiting = Enter(RequestClass.Write, limit: 1);
        Assert.Equal(Entry.Full, await _bulkhead.EnterAsync(RequestClass.Read, mayWait: false, 1, Cancellation));

        _bulkhead.RejectWaiting();

        Assert.Equal(Entry.CircuitOpened, await waiting);
        Assert.Equal(Entry.Entered, await Enter(RequestClass.Curiosity, limit: 0));
    }

    private Task<Entry> Enter(RequestClass of, int limit) => _bulkhead.EnterAsync(of, mayWait: true, limit, Cancellation).AsTask();
}
