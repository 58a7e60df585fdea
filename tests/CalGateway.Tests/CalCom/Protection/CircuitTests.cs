using CalGateway.CalCom.Protection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.CalCom.Protection;

/// <summary>When the circuit breaker opens, tries and closes.</summary>
public sealed class CircuitTests
{
    private static readonly CircuitOptions Options = new();

    private readonly FakeTimeProvider _clock = new();
    private readonly Circuit _circuit;

    public CircuitTests() => _circuit = new Circuit(_clock);

    [Fact]
    public void It_opens_when_half_of_ten_have_failed_and_not_before()
    {
        Send(Outcome.Success, 5);
        Send(Outcome.Failure, 4);
        Assert.Equal(CircuitState.Closed, _circuit.State);

        Send(Outcome.Failure, 1);

        Assert.Equal(CircuitState.Open, _circuit.State);
        Assert.Equal(Options.BreakDuration, _circuit.Enter(Options).RefusedFor);
    }

    [Fact]
    public void Few_failures_among_many_successes_leave_it_closed()
    {
        Send(Outcome.Success, 51);
        Send(Outcome.Failure, 50);

        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void What_is_the_callers_matter_counts_neither_way()
    {
        Send(Outcome.Answered, 1000);
        Send(Outcome.Unknown, 1000);
        Send(Outcome.Failure, 9);
        Assert.Equal(CircuitState.Closed, _circuit.State);

        Send(Outcome.Failure, 1);

        Assert.Equal(CircuitState.Open, _circuit.State);
    }

    [Fact]
    public void What_is_longer_ago_than_the_sampling_duration_is_forgotten()
    {
        Send(Outcome.Failure, 9);
        _clock.Advance(Options.SamplingDuration);
        Send(Outcome.Failure, 9);

        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Theory]
    [InlineData(nameof(Outcome.Success))]
    [InlineData(nameof(Outcome.Answered))]
    public void After_the_break_one_request_tries_and_closes_it_if_it_is_answered(string answer)
    {
        Send(Outcome.Failure, 10);
        _clock.Advance(Options.BreakDuration);

        var probe = _circuit.Enter(Options);
        Assert.True(probe is { IsProbe: true, RefusedFor: null });
        Assert.NotNull(_circuit.Enter(Options).RefusedFor);
        Assert.Equal(CircuitState.HalfOpen, _circuit.State);
        _circuit.Record(probe, Enum.Parse<Outcome>(answer), Options);

        Assert.Equal(CircuitState.Closed, _circuit.State);
        Send(Outcome.Failure, 9);
        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void A_probe_that_fails_opens_it_for_as_long_again()
    {
        Send(Outcome.Failure, 10);
        _clock.Advance(Options.BreakDuration);
        _circuit.Record(_circuit.Enter(Options), Outcome.Failure, Options);

        Assert.Equal(Options.BreakDuration, _circuit.Enter(Options).RefusedFor);
    }

    [Fact]
    public void A_probe_whose_caller_hangs_up_is_followed_by_another_at_once()
    {
        Send(Outcome.Failure, 10);
        _clock.Advance(Options.BreakDuration);
        _circuit.Record(_circuit.Enter(Options), Outcome.Unknown, Options);

        Assert.True(_circuit.Enter(Options) is { IsProbe: true, RefusedFor: null });
    }

    [Fact]
    public void A_probe_that_hangs_is_followed_by_another_and_a_late_answer_of_it_closes_the_circuit()
    {
        Send(Outcome.Failure, 10);
        _clock.Advance(Options.BreakDuration);
        var first = _circuit.Enter(Options);
        _clock.Advance(Options.BreakDuration);
        var second = _circuit.Enter(Options);
        Assert.True(second.IsProbe);

        _circuit.Record(first, Outcome.Success, Options);
        Assert.Equal(CircuitState.Closed, _circuit.State);

        _circuit.Record(second, Outcome.Failure, Options);
        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void What_was_sent_before_it_opened_tells_nothing_afterwards()
    {
        var late = Enumerable.Range(0, 20).Select(_ => _circuit.Enter(Options)).ToList();
        Send(Outcome.Failure, 10);
        _clock.Advance(Options.BreakDuration);
        _circuit.Record(_circuit.Enter(Options), Outcome.Success, Options);

        Assert.All(late, pass => Assert.False(_circuit.Record(pass, Outcome.Failure, Options)));
        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void Switched_off_it_lets_everything_through()
    {
        Send(Outcome.Failure, 10);

        Assert.Null(_circuit.Enter(new CircuitOptions { Enabled = false }).RefusedFor);
    }

    private void Send(Outcome outcome, int times)
    {
        for (var time = 0; time < times; time++)
            _circuit.Record(_circuit.Enter(Options), outcome, Options);
    }
}
