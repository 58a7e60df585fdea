using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// A circuit breaker around Redis, so that its failures fail no request: a caller waits a tenth of a second at most, and Redis is not used while the circuit is
/// open. A broken connection or an unanswered probe opens the circuit; a single slow operation does not. A successful probe closes it.
/// </summary>
internal sealed partial class RedisHealth
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A Redis that refuses commands does so many times a second, so it is logged no more often than this.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly RedisConnections _connections;
    private readonly SharedTransfers _transfers;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lazy<ResiliencePipeline> _circuit; // most gateways have no Redis, and these take as long to build as a listener takes to start
    private readonly Lazy<ResiliencePipeline> _probe;
    private bool _isUp;
    private long _aliveAt;
    private long _refusedAt = long.MinValue;

    public RedisHealth(RedisConnections connections, SharedTransfers transfers, TimeProvider clock, ILogger<RedisHealth> logger)
    {
        (_connections, _transfers, _clock, _logger) = (connections, transfers, clock, logger);
        _circuit = new Lazy<ResiliencePipeline>(Circuit);
        _probe = new Lazy<ResiliencePipeline>(() => new ResiliencePipelineBuilder { TimeProvider = clock }.AddPipeline(_circuit.Value).AddTimeout(ProbeTimeout).Build());
    }

    /// <summary>The last probe succeeded, and the circuit has not opened since.</summary>
    public bool IsUp => Volatile.Read(ref _isUp);

    /// <summary>Returns false if the operation failed, took too long, or was not tried because Redis is down.</summary>
    /// <param name="timeout">How long it may take; by default a tenth of a second, because a caller waits.</param>
    public async Task<bool> TryAsync(Func<Task> operation, TimeSpan? timeout = null)
    {
        if (!IsUp)
            return false;

        try
        {
            await _circuit.Value.ExecuteAsync(async _ => await operation().OrAbandonAsync(timeout ?? DefaultTimeout, _clock));
            Volatile.Write(ref _aliveAt, _clock.GetTimestamp());
            return true;
        }
        catch (Exception thrown)
        {
            // The operation uses nothing but Redis, so every exception is about Redis. The circuit has counted it.
            LogRefusal(Cause(thrown));
            return false;
        }
    }

    /// <summary>Null if nothing is stored, or it could not be read.</summary>
    public async Task<byte[]?> ReadAsync(string name)
    {
        byte[]? value = null;
        return await TryAsync(async () => value = await _connections.Reads!.GetAsync(name), Timeout.InfiniteTimeSpan) ? value : null;
    }

    /// <summary>Probes Redis, and does what is necessary before it is used, the first time and after each failure. Does nothing while the circuit is open.</summary>
    public async Task ProbeAsync(Func<CancellationToken, Task> probe, CancellationToken cancellation)
    {
        try
        {
            await _probe.Value.ExecuteAsync(async timeout => await probe(timeout), cancellation);
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

    private ResiliencePipeline Circuit() => new ResiliencePipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
    {
        // The first failure opens the circuit: failures of a single operation are not counted.
        FailureRatio = 0,
        MinimumThroughput = 2,
        SamplingDuration = TimeSpan.FromSeconds(10),
        BreakDuration = TimeSpan.FromMilliseconds(500),
        ShouldHandle = outcome => new ValueTask<bool>(outcome.Outcome.Exception is { } thrown && IsFailure(Cause(thrown))),
        OnOpened = opened => Opened(opened.Outcome.Exception),
    }).Build();

    /// <summary>While Redis is down, every exception of a probe counts as a failure.</summary>
    private bool IsFailure(Exception cause) => !IsUp || cause switch
    {
        RedisServerException => false, // Redis answers but refuses, for instance because its memory is full; reading may still work
        TimeoutException => false, // one slow operation
        TimeoutRejectedException => !IsBusy(), // an unanswered probe
        _ => true,
    };

    /// <summary>On a slow connection a large answer delays the probe, which then says nothing about Redis.</summary>
    private bool IsBusy() =>
        _connections.Reads!.IsReceiving || _clock.GetElapsedTime(Volatile.Read(ref _aliveAt)) < ProbeTimeout + _transfers.TimeUnderWay;

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
        return (last == long.MinValue || _clock.GetElapsedTime(last, now) > LogInterval) && Interlocked.CompareExchange(ref _refusedAt, now, last) == last;
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
