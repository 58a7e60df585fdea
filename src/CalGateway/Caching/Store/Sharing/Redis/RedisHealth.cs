using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// A circuit breaker around Redis, so that it fails no request: a caller waits a tenth of a second at most, and Redis is not asked while the circuit is
/// open. A broken connection or an unanswered probe opens it; a single slow operation does not. A successful probe closes it.
/// </summary>
internal sealed partial class RedisHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    /// <summary>A Redis that refuses does so many times a second; that often it is logged.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private readonly RedisConnections _connections;
    private readonly SharedTransfers _transfers;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _circuit;
    private readonly ResiliencePipeline _probe;
    private bool _isUp;
    private long _aliveAt;
    private long _refusedAt = long.MinValue;

    public RedisHealth(RedisConnections connections, SharedTransfers transfers, TimeProvider clock, ILogger<RedisHealth> logger)
    {
        (_connections, _transfers, _clock, _logger) = (connections, transfers, clock, logger);
        _circuit = new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // The first failure opens the circuit: it is never about a single operation.
            FailureRatio = 0,
            MinimumThroughput = 2,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromMilliseconds(500),
            ShouldHandle = outcome => new ValueTask<bool>(outcome.Outcome.Exception is { } thrown && IsFailure(Cause(thrown))),
            OnOpened = opened => Opened(opened.Outcome.Exception),
        }).Build();
        _probe = new ResiliencePipelineBuilder { TimeProvider = clock }.AddPipeline(_circuit).AddTimeout(ProbePatience).Build();
    }

    /// <summary>A probe has succeeded, and the circuit has not opened since.</summary>
    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>False where it failed, took too long, or was not tried because Redis is down.</summary>
    /// <param name="operation">What is to be done.</param>
    /// <param name="patience">How long it may take; a tenth of a second by default, for where a caller waits.</param>
    public async Task<bool> TryAsync(Func<Task> operation, TimeSpan? patience = null)
    {
        if (!IsUp)
            return false;

        try
        {
            await _circuit.ExecuteAsync(async _ => await operation().OrAbandonAsync(patience ?? Patience, _clock));
            Volatile.Write(ref _aliveAt, _clock.GetTimestamp());
            return true;
        }
        catch (Exception thrown)
        {
            // Only Redis was asked, so the exception is about Redis. The circuit has counted it.
            LogRefusal(Cause(thrown));
            return false;
        }
    }

    /// <summary>Null where nothing is there, or it could not be read.</summary>
    public async Task<byte[]?> ReadAsync(string name)
    {
        byte[]? value = null;
        return await TryAsync(async () => value = await _connections.Reads!.GetAsync(name), Timeout.InfiniteTimeSpan) ? value : null;
    }

    /// <summary>Does what has to be done before Redis is used, the first time and after each break. While the circuit is open, it waits.</summary>
    public async Task ProbeAsync(Func<CancellationToken, Task> probe, CancellationToken cancellation)
    {
        try
        {
            await _probe.ExecuteAsync(async timeout => await probe(timeout), cancellation);
            Volatile.Write(ref _aliveAt, _clock.GetTimestamp());
            if (!Interlocked.Exchange(ref _isUp, true))
                Log.Up(_logger);
        }
        catch (Exception thrown)
        {
            // The circuit has counted it; the next probe follows soon.
            LogRefusal(Cause(thrown));
        }
    }

    /// <summary>While Redis is down, whatever a probe fails of keeps it down.</summary>
    private bool IsFailure(Exception cause) => !IsUp || cause switch
    {
        RedisServerException => false, // it answers, and refuses: out of memory, read-only. Reading may well go on
        TimeoutException => false, // one slow operation
        TimeoutRejectedException => !IsBusy(), // an unanswered probe
        _ => true,
    };

    /// <summary>Behind a large answer on a slow connection, a probe waits like everything else.</summary>
    private bool IsBusy() =>
        _connections.Reads!.IsReceiving || _clock.GetElapsedTime(Volatile.Read(ref _aliveAt)) < ProbePatience + _transfers.TimeUnderWay;

    private ValueTask Opened(Exception? thrown)
    {
        if (Interlocked.Exchange(ref _isUp, false))
            Log.Down(_logger, thrown is null ? "unknown" : Cause(thrown).GetType().Name);
        return ValueTask.CompletedTask;
    }

    /// <summary>ASP.NET Core's store wraps the exceptions of StackExchange.Redis.</summary>
    private static Exception Cause(Exception thrown) => thrown is AggregateException { InnerException: { } inner } ? inner : thrown;

    private void LogRefusal(Exception cause)
    {
        if (cause is RedisServerException && IsToBeLoggedAgain())
            Log.Refused(_logger, cause.Message);
    }

    private bool IsToBeLoggedAgain()
    {
        var (now, last) = (_clock.GetTimestamp(), Volatile.Read(ref _refusedAt));
        return (last == long.MinValue || _clock.GetElapsedTime(last, now) > Reminder) && Interlocked.CompareExchange(ref _refusedAt, now, last) == last;
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
