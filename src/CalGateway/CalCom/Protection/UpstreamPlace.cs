using CalGateway.Configuration;

namespace CalGateway.CalCom.Protection;

/// <summary>One request at Cal.com. It tells the circuit once what became of it, and then gives its place to the next.</summary>
internal sealed class UpstreamPlace(UpstreamLane lane, CircuitPass pass, Revisions revisions)
{
    private bool _isReported;

    public TimeSpan OpenFor => lane.Circuit.OpenFor ?? TimeSpan.Zero;

    private UpstreamOptions Options => revisions.Current.Get<UpstreamOptions>();

    /// <summary>The first report counts.</summary>
    public void Report(Outcome outcome)
    {
        if (_isReported)
            return;

        _isReported = true;
        if (lane.Circuit.Leave(pass, outcome, Options.Circuit))
            lane.Bulkhead.SendAway();
    }

    /// <summary>The answer is read, or there will be none.</summary>
    public void Leave()
    {
        Report(Outcome.Unknown);
        lane.Bulkhead.Leave(Options.MaxConcurrency);
    }
}
