using CalGateway.Telemetry;

namespace CalGateway.Configuration.Watching;

/// <summary>
/// Looks at something at an interval for as long as the gateway runs. What a look throws is logged and counted, and the next look is taken all
/// the same: without it, later edits would not take effect, or the host would stop the gateway.
/// </summary>
/// <param name="what">What is looked at, for log and metric.</param>
internal sealed partial class Watch(string what, TimeProvider clock, GatewayMetrics metrics, ILogger logger)
{
    private string? _logged;

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
            _logged = null;
        }
        catch (Exception failure)
        {
            metrics.WatchFailure(what);
            LogOnce(failure);
        }
    }

    private void LogOnce(Exception failure)
    {
        if (_logged == failure.Message)
            return;

        _logged = failure.Message;
        try
        {
            Log.Failed(logger, failure, what);
        }
        catch (Exception)
        {
            // The log itself throws; the failure has been counted.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A look at {What} failed, which is a fault of the gateway's own; the next look is taken all the same")]
        public static partial void Failed(ILogger logger, Exception failure, string what);
    }
}
