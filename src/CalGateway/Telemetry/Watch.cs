namespace CalGateway.Telemetry;

/// <summary>
/// Does something again and again for as long as the gateway runs. Whatever one turn throws is logged and counted, and the next
/// turn comes all the same: a watcher that ended would leave a gateway that takes no edit any more, or none at all.
/// </summary>
/// <param name="what">What is looked at, for log and metric.</param>
internal sealed partial class Watch(string what, TimeProvider clock, WatchMetrics metrics, ILogger logger)
{
    private string? _told;

    public async Task EveryAsync(TimeSpan interval, Action look, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
            Look(look);
    }

    /// <summary>All that comes out of a queue, one after the other.</summary>
    public async Task EachAsync<T>(IAsyncEnumerable<T> queue, Func<T, Task> act, CancellationToken stopping)
    {
        await foreach (var item in queue.WithCancellation(stopping))
            await LookAsync(() => act(item), stopping);
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
            Failed(failure);
        }
    }

    /// <summary>As <see cref="Look"/>; what ends because the gateway stops is no failure.</summary>
    public async Task LookAsync(Func<Task> look, CancellationToken stopping)
    {
        try
        {
            await look();
            _told = null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            Failed(failure);
        }
    }

    /// <summary>Takes all of them in turn, those after one that fails as well.</summary>
    /// <exception cref="AggregateException">At least one has failed.</exception>
    public static void Each<T>(IEnumerable<T> things, Action<T> look)
    {
        List<Exception>? failures = null;
        foreach (var thing in things)
        {
            try
            {
                look(thing);
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
            // Whoever listens to the counter throws. The log, which comes next, says what has failed.
        }

        Tell(failure);
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
