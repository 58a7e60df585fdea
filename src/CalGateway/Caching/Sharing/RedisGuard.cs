namespace CalGateway.Caching.Sharing;

/// <summary>
/// Stands between the gateway and Redis, so that no request fails of it: an operation waits a tenth of a second at most, none
/// is tried while Redis is known to be down, and whatever it throws is Redis being unwell.
/// </summary>
internal sealed partial class RedisGuard(TimeProvider clock, ILogger<RedisGuard> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>A Redis that refuses does so many times a second; it is said once in this time.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private bool _isUp;
    private long _refusedAt = long.MinValue;

    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>False where it could not be done.</summary>
    public async Task<bool> TryAsync(Func<Task> act) => IsUp && await AttemptAsync(act, Patience);

    /// <summary>Null where nothing is there, or it could not be read.</summary>
    public async Task<T?> ReadAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        T? value = null;
        return await TryAsync(async () => value = await read()) ? value : null;
    }

    /// <summary>Finds out how Redis is, by what has to be done before it is believed.</summary>
    /// <param name="act">What has to be done.</param>
    /// <param name="patience">How long that may take; nobody waits for it.</param>
    public async Task ProbeAsync(Func<Task> act, TimeSpan patience)
    {
        if (await AttemptAsync(act, patience) && !Interlocked.Exchange(ref _isUp, true))
            Log.Up(logger);
    }

    private async Task<bool> AttemptAsync(Func<Task> act, TimeSpan patience)
    {
        try
        {
            await WithinAsync(act(), patience);
            return true;
        }
        catch (Exception thrown)
        {
            // All that was tried is Redis: there is nothing here of which another exception could speak. Its store throws
            // what the library does, and AggregateException around it.
            Judge(thrown is AggregateException { InnerException: { } inner } ? inner : thrown);
            return false;
        }
    }

    private async Task WithinAsync(Task act, TimeSpan patience)
    {
        try
        {
            await act.WaitAsync(patience, clock);
        }
        finally
        {
            // Who is left behind may fail later on, and somebody has to have looked.
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
