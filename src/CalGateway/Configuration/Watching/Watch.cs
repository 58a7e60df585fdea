using CalGateway.Telemetry;

namespace CalGateway.Configuration.Watching;

/// <summary>
/// Looks at something again and again for as long as the gateway runs. Whatever one look throws is logged and counted, and the next
/// look comes all the same: a watcher that ended would leave a gateway that takes no edit any more, or none at all.
/// </summary>
/// <param name="what">What is looked at, for log and metric.</param>
internal sealed partial class Watch(string what, TimeProvider clock, GatewayMetrics metrics, ILogger logger)
{
    private string? _told;

    public async Task EveryAsync(TimeSpan interval, Action look, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
            Look(look);
    }

    /// <summary>The same failure, look after look, is logged once; it is counted each time.</summary>
    public void Look(Action look)
    {
        try
        {
            look();
            _told = null;
        }
        catch (Exception failure)
        {
            metrics.WatchFailure(what);
            Tell(failure);
        }
    }

    private void Tell(Exception failure)
    {
        if (_told == failure.Message)
            return;

        _told = failure.Message;
        try
        {
            Log.Failed(logger, failure, what);
        }
        catch (Exception)
        {
            // It is the log itself that throws. The failure is counted, which is all that can be done.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A look at {What} failed, which is a fault of the gateway's own; the next look is taken all the same")]
        public static partial void Failed(ILogger logger, Exception failure, string what);
    }
}
