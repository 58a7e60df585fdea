using CalGateway.Configuration;

namespace CalGateway.CalCom.Protection;

/// <summary>The place of one request in the bulkhead. Reports the outcome of the request to the circuit, once, and releases the place at the end.</summary>
internal sealed class UpstreamPlace(UpstreamLane lane, CircuitPass pass, Revisions revisions)
{
    private bool _isReported;

    public TimeSpan OpenFor => lane.Circuit.OpenFor ?? TimeSpan.Zero;

    private UpstreamOptions Options => revisions.Current.Get<UpstreamOptions>();

    /// <summary>Reports the outcome. Only the first call has an effect.</summary>
    public void Report(Outcome outcome)
    {
        if (_isReported)
            return;

        _isReported = true;
        if (lane.Circuit.Record(pass, outcome, Options.Circuit))
            lane.Bulkhead.RejectWaiting();
    }

    /// <summary>Releases the place. To be called when the answer is read to its end, or there will be none.</summary>
    public void Release()
    {
        Report(Outcome.Unknown);
        lane.Bulkhead.Release(Options.MaxConcurrency);
    }
}
