using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>The limiter by itself, with a clock that stands still until it is told to move.</summary>
public sealed class QuotaLimiterTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly QuotaOptions _options = new() { Wait = TimeSpan.FromSeconds(60) };
    private readonly QuotaLimiter _limiter;
    private readonly Signature _key = new("cal_test_a_key");
    private int _counted;

    public QuotaLimiterTests() => _limiter = new QuotaLimiter(() => _options, metrics: null, _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_may_come_and_no_more_wait_than_the_next_window_serves()
    {
        await TakeAsync(108);

        var waiting = Enumerable.Range(0, 10_000).Select(_ => _limiter.AcquireAsync(Demand(), 1, Cancellation).AsTask()).ToList();

        Assert.Equal(10_000 - 120, waiting.Count(task => task is { IsCompleted: true, Result.IsAcquired: false }));
        Assert.Equal(120, _limiter.GetStatistics(Demand())!.CurrentQueuedCount);
        _clock.Advance(TimeSpan.FromSeconds(61));
        var served = await Task.WhenAll(waiting);
        Assert.Equal(108, served.Count(lease => lease.IsAcquired));
    }

    [Fact]
    public async Task Writes_are_served_before_the_reads_that_waited_longer()
    {
        await TakeAsync(108);
        await TakeAsync(12, RequestClass.Write);
        var reads = Enumerable.Range(0, 120).Select(_ => _limiter.AcquireAsync(Demand(), 1, Cancellation).AsTask()).ToList();
        var write = _limiter.AcquireAsync(Demand(RequestClass.Write), 1, Cancellation).AsTask();
        Assert.False(write.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(61));

        Assert.True((await write).IsAcquired);
        Assert.Equal(107, (await Task.WhenAll(reads)).Count(lease => lease.IsAcquired));
    }

    [Theory]
    [InlineData(nameof(RequestClass.Refresh), 90)]
    [InlineData(nameof(RequestClass.Curiosity), 90)]
    [InlineData(nameof(RequestClass.Read), 108)]
    [InlineData(nameof(RequestClass.Write), 120)]
    public async Task Each_class_ends_where_what_is_kept_from_it_begins(string name, int expected)
    {
        _options.Wait = TimeSpan.Zero;
        var @class = Enum.Parse<RequestClass>(name);
        var given = 0;
        for (var i = 0; i < 130; i++)
            given += (await _limiter.AcquireAsync(Demand(@class), 1, Cancellation)).IsAcquired ? 1 : 0;

        Assert.Equal(expected, given);
    }

    /// <summary>Cal.com counts requests when they arrive. The first answer may tell a count with all that are still on their way in it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_requests_on_their_way_may_be_counted_twice_others_wait_for_the_answers_and_not_for_long(bool answersCome)
    {
        _options.Wait = TimeSpan.FromSeconds(2);
        var onTheirWay = new List<QuotaLease>();
        for (var i = 0; i < 60; i++)
        {
            onTheirWay.Add((QuotaLease)await _limiter.AcquireAsync(Demand(), 1, Cancellation));
            onTheirWay[^1].Sent();
        }

        onTheirWay[0].Answered(Told(60));
        var waiting = _limiter.AcquireAsync(Demand(), 1, Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.False((await _limiter.AcquireAsync(Demand() with { MayWait = false }, 1, Cancellation)).IsAcquired);

        if (answersCome)
            onTheirWay.Skip(1).ToList().ForEach(lease => lease.Answered(Told(60)));
        else
            _clock.Advance(TimeSpan.FromSeconds(2.1));

        Assert.Equal(answersCome, (await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).IsAcquired);
    }

    [Fact]
    public async Task What_was_given_and_not_sent_is_given_again()
    {
        _options.Wait = TimeSpan.Zero;
        for (var i = 0; i < 1000; i++)
        {
            using var lease = await _limiter.AcquireAsync(Demand(), 1, Cancellation);
            Assert.True(lease.IsAcquired);
        }
    }

    [Fact]
    public async Task Who_gives_up_leaves_its_place()
    {
        await TakeAsync(108);
        using var patience = new CancellationTokenSource();
        var waiting = _limiter.AcquireAsync(Demand(), 1, patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, _limiter.GetStatistics(Demand())!.CurrentQueuedCount);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public async Task A_calendar_that_jumps_changes_nothing(int days)
    {
        var clock = new JumpingClock();
        using var limiter = new QuotaLimiter(() => new QuotaOptions { Wait = TimeSpan.Zero }, metrics: null, clock);
        for (var i = 0; i < 108; i++)
            Answer((QuotaLease)await limiter.AcquireAsync(Demand(), 1, Cancellation));

        clock.Jump = TimeSpan.FromDays(days);

        Assert.False((await limiter.AcquireAsync(Demand(), 1, Cancellation)).IsAcquired);
        Assert.InRange(limiter.Read(_key)!.ResetsIn!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(61));
    }

    [Fact]
    public async Task Any_number_of_tokens_takes_bounded_memory()
    {
        for (var i = 0; i < 5000; i++)
            (await _limiter.AcquireAsync(Demand() with { Key = new Signature($"token {i}") }, 1, Cancellation)).Dispose();

        Assert.InRange(_limiter.Accounts, 1, 1000);
    }

    public void Dispose() => _limiter.Dispose();

    private UpstreamDemand Demand(RequestClass @class = RequestClass.Read) => new(@class, _key, Consumer: null, Share: 1, "http://cal.com", MayWait: true);

    /// <summary>Takes some that are on their way from then on.</summary>
    private async Task TakeAsync(int count, RequestClass @class = RequestClass.Read)
    {
        for (var i = 0; i < count; i++)
        {
            var lease = (QuotaLease)await _limiter.AcquireAsync(Demand(@class), 1, Cancellation);
            Assert.True(lease.IsAcquired);
            Answer(lease);
        }
    }

    private void Answer(QuotaLease lease)
    {
        lease.Sent();
        lease.Answered(Told(120 - ++_counted));
    }

    private static HttpResponseMessage Told(int left)
    {
        var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("X-RateLimit-Limit-Default", "120");
        answer.Headers.TryAddWithoutValidation("X-RateLimit-Remaining-Default", $"{left}");
        answer.Headers.TryAddWithoutValidation("X-RateLimit-Reset-Default", "60");
        return answer;
    }

    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Jump;
    }
}
