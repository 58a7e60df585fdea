namespace CalGateway.Telemetry;

/// <summary>
/// Repeats something in the background for as long as the gateway runs. An exception of one turn is logged and counted, and the next turn comes as
/// usual: an exception that ends a background service would stop the gateway, or leave it running without that service.
/// </summary>
/// <param name="what">What is watched, for the log and the metric.</param>
internal sealed partial class Watch(string what, TimeProvider clock, WatchMetrics metrics, ILogger logger)
{
    private string? _lastLogged;

    public async Task EveryAsync(TimeSpan interval, Action act, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
            RunOnce(act);
    }

    /// <summary>Handles all items of a queue, one after the other.</summary>
    public async Task EachAsync<T>(IAsyncEnumerable<T> queue, Func<T, Task> act, CancellationToken stopping)
    {
        await foreach (var item in queue.WithCancellation(stopping))
            await RunOnceAsync(() => act(item), stopping);
    }

    /// <summary>Runs one turn. If turns in a row fail in the same way, the failure is logged once and counted each time.</summary>
    public void RunOnce(Action act)
    {
        try
        {
            act();
            _lastLogged = null;
        }
        catch (Exception failure)
        {
            Failed(failure);
        }
    }

    /// <summary>As <see cref="RunOnce"/>. A cancellation because the gateway stops is no failure.</summary>
    public async Task RunOnceAsync(Func<Task> act, CancellationToken stopping)
    {
        try
        {
            await act();
            _lastLogged = null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            Failed(failure);
        }
    }

    /// <summary>Handles each item, even if one before it has failed.</summary>
    /// <exception cref="AggregateException">At least one has failed.</exception>
    public static void Each<T>(IEnumerable<T> items, Action<T> act)
    {
        List<Exception>? failures = null;
        foreach (var item in items)
        {
            try
            {
                act(item);
            }
            catch (Exception failure)
            {
                (failures ??= []).Add(failure);
            }
        }

        if (failures is not null)
            throw new AggregateException(failures);
    }

    /// <summary>Counts and logs a failure; never throws.</summary>
    public void Failed(Exception failure)
    {
        try
        {
            metrics.Failed(what);
        }
        catch (Exception)
        {
            // A listener of the counter has thrown. The log, which comes next, says what has failed.
        }

        LogOnce(failure);
    }

    private void LogOnce(Exception failure)
    {
        if (_lastLogged == failure.Message)
            return;

        _lastLogged = failure.Message;
        try
        {
            Log.Failed(logger, failure, what);
        }
        catch (Exception)
        {
            // The log itself has thrown. The failure is counted, and nothing else can be done.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A look at {What} failed, which is a fault of the gateway's own; the next look is taken all the same")]
        public static partial void Failed(ILogger logger, Exception failure, string what);
    }
}
