namespace CalGateway.Caching.Sharing;

/// <summary>
/// Stands between the gateway and Redis, so that no request fails of it: callers wait a tenth of a second at most, and none is tried while Redis is
/// known to be down. It is called down when a connection is, or when it does not answer a ping; that one operation took too long says nothing of it.
/// </summary>
internal sealed partial class RedisGuard(RedisLink link, SharedTransfers transfers, TimeProvider clock, ILogger<RedisGuard> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>A Redis that refuses does so many times a second; it is said once in this time.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private bool _isUp;
    private long _aliveAt;
    private long _refusedAt = long.MinValue;

    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>False where it could not be done, or is not done yet.</summary>
    /// <param name="act">What is to be done.</param>
    /// <param name="patience">A tenth of a second by default, for where a caller waits.</param>
    public async Task<bool> TryAsync(Func<Task> act, TimeSpan? patience = null)
    {
        if (!IsUp)
            return false;

        try
        {
            await WithinAsync(act(), patience ?? Patience);
            Volatile.Write(ref _aliveAt, clock.GetTimestamp());
            return true;
        }
        catch (Exception thrown)
        {
            // All that was tried is Redis: there is nothing here of which another exception could speak.
            if (Cause(thrown) is var cause and not TimeoutException)
                Judge(cause);
            return false;
        }
    }

    /// <summary>Null where nothing is there, or it could not be read.</summary>
    public async Task<byte[]?> ReadAsync(string name)
    {
        byte[]? value = null;
        return await TryAsync(async () => value = await link.Reads!.GetAsync(name), Timeout.InfiniteTimeSpan) ? value : null;
    }

    /// <summary>Finds out how Redis is, by what has to be done before it is believed.</summary>
    /// <param name="act">What has to be done.</param>
    /// <param name="patience">How long that may take; nobody waits for it.</param>
    public async Task ProbeAsync(Task act, TimeSpan patience)
    {
        try
        {
            await WithinAsync(act, patience);
            Volatile.Write(ref _aliveAt, clock.GetTimestamp());
            if (!Interlocked.Exchange(ref _isUp, true))
                Log.Up(logger);
        }
        catch (Exception thrown)
        {
            if (Cause(thrown) is var cause && (cause is not TimeoutException || !IsLineBusy(patience)))
                Judge(cause);
        }
    }

    /// <summary>On a line that is full of a large answer, a ping waits like everything else.</summary>
    private bool IsLineBusy(TimeSpan patience) =>
        link.Reads!.IsReceiving || clock.GetElapsedTime(Volatile.Read(ref _aliveAt)) < patience + transfers.TimeUnderWay;

    /// <summary>ASP.NET Core's store throws what the library does, and AggregateException around it.</summary>
    private static Exception Cause(Exception thrown) => thrown is AggregateException { InnerException: { } inner } ? inner : thrown;

    private async Task WithinAsync(Task act, TimeSpan patience)
    {
        try
        {
            await act.WaitAsync(patience, clock);
        }
        finally
        {
            // Observes the exception of an abandoned call, which would otherwise be reported as unobserved.
            _ = act.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private void Judge(Exception failure)
    {
        if (failure is StackExchange.Redis.RedisServerException)
        {
            // It answers, and refuses: out of memory, read-only. Reading may well go on.
            if (IsToBeSaidAgain())
                Log.Refused(logger, failure.Message);
        }
        else if (Interlocked.Exchange(ref _isUp, false))
        {
            Log.Down(logger, failure.GetType().Name);
        }
    }

    private bool IsToBeSaidAgain()
    {
        var (now, last) = (clock.GetTimestamp(), Volatile.Read(ref _refusedAt));
        return (last == long.MinValue || clock.GetElapsedTime(last, now) > Reminder) && Interlocked.CompareExchange(ref _refusedAt, now, last) == last;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis cannot be reached ({Failure}): this gateway answers from its own memory and from Cal.com until it can")]
        public static partial void Down(ILogger logger, string failure);

        [LoggerMessage(LogLevel.Information, "Redis is reached: answers are shared")]
        public static partial void Up(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Redis refuses: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
