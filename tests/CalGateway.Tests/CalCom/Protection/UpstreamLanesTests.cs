using CalGateway.CalCom.Protection;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.CalCom.Protection;

/// <summary>Each key and destination has its own circuit and places, and whoever brings many keys gets no more of them than there may be.</summary>
public sealed class UpstreamLanesTests
{
    private const string CalCom = "https://api.cal.com/";

    private readonly FakeTimeProvider _clock = new();
    private readonly UpstreamLanes _lanes;

    public UpstreamLanesTests() => _lanes = new UpstreamLanes(_clock);

    [Fact]
    public void Another_key_and_another_destination_have_another_circuit()
    {
        var own = _lanes.Of(new Signature("one"), CalCom);
        for (var i = 0; i < 10; i++)
            own.Circuit.Record(own.Circuit.Enter(new CircuitOptions()), Outcome.Failure, new CircuitOptions());

        Assert.Equal(CircuitState.Open, _lanes.Of(new Signature("one"), CalCom).Circuit.State);
        Assert.Equal(CircuitState.Closed, _lanes.Of(new Signature("two"), CalCom).Circuit.State);
        Assert.Equal(CircuitState.Closed, _lanes.Of(new Signature("one"), "https://api.cal.eu/").Circuit.State);
        Assert.Equal(CircuitState.Closed, _lanes.Of(null, CalCom).Circuit.State);
        Assert.Equal(2, _lanes.Of(new Signature("one")).Count());
    }

    [Fact]
    public async Task Ten_thousand_tokens_have_no_more_lanes_than_there_may_be_and_none_loses_its_place()
    {
        var used = _lanes.Of(new Signature("used"), CalCom);
        await used.Bulkhead.EnterAsync(RequestClass.Read, mayWait: false, limit: 1, TestContext.Current.CancellationToken);
        for (var token = 0; token < 10_000; token++)
            _lanes.Of(new Signature($"token {token}"), CalCom);

        Assert.InRange(_lanes.All.Count(), 1000, 2001);

        _clock.Advance(TimeSpan.FromMinutes(2));
        _lanes.Of(new Signature("another"), CalCom);
        Assert.InRange(_lanes.All.Count(), 2, 10);
        Assert.Same(used, _lanes.Of(new Signature("used"), CalCom));
    }

    [Fact]
    public void Beyond_the_limit_a_further_token_costs_no_look_at_all_lanes()
    {
        const int tokens = 10_000;
        var clock = new CountingClock();
        var lanes = new UpstreamLanes(clock);

        for (var token = 0; token < tokens; token++)
            lanes.Of(new Signature($"token {token}"), CalCom);

        Assert.InRange(clock.Reads, tokens, 20 * tokens);
    }

    /// <summary>Time stands still. Each lane that is looked at reads the clock.</summary>
    private sealed class CountingClock : TimeProvider
    {
        public int Reads { get; private set; }

        public override long GetTimestamp()
        {
            Reads++;
            return 1;
        }
    }
}
