using System.Globalization;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>Probes Redis, and handles what gateways tell each other over it.</summary>
internal sealed class RedisMonitor(
    RedisConnections connections, RedisHealth health, SharedAnswers shared, Evictions evictions, TimeProvider clock, WatchMetrics metrics,
    ILogger<RedisMonitor> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of the connection up to which no eviction was missed.</summary>
    private int _line;

    private readonly Watch _watch = new("redis", clock, metrics, logger);

    private Echo? _echo;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!connections.IsWanted)
            return;

        using var timer = new PeriodicTimer(Interval, clock);
        do
            await _watch.LookAsync(() => health.ProbeAsync(ReachAsync, stoppingToken), stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// Redis answers, this gateway hears the others, and the store has every eviction. A Redis that was merely slow has lost nothing; if the connection is
    /// another one than before, other gateways may have evicted without this one's hearing of it.
    /// </summary>
    private async Task ReachAsync(CancellationToken cancellation)
    {
        await connections.PingAsync(cancellation);
        await connections.ListenAsync(message => _watch.Look(() => Handle(message)), cancellation);
        await shared.CatchUpAsync(cancellation);
        var line = connections.Line; // what breaks from here on is for the next probe
        if (line == _line)
            return;

        await HearItselfAsync(line, cancellation);
        MarkUncertain(isFirst: _line == 0);
        _line = line;
    }

    /// <summary>A failure here says nothing of Redis, which is what a failed probe is taken for. Redis is not used until this has been done.</summary>
    private void MarkUncertain(bool isFirst)
    {
        try
        {
            if (!isFirst)
                shared.MarkUncertain();
            evictions.MarkAllUncertain();
        }
        catch (Exception failure)
        {
            _watch.Failed(failure);
            throw;
        }
    }

    private async Task HearItselfAsync(int line, CancellationToken cancellation)
    {
        var echo = new Echo(line.ToString(CultureInfo.InvariantCulture), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _echo, echo);
        await connections.PublishAsync(GatewayMessageKind.Echo, echo.Line).OrAbandonAsync(cancellation);
        await echo.Heard.Task.WaitAsync(cancellation);
    }

    private void Handle(GatewayMessage message)
    {
        var isOwn = message.Sender == connections.Name;
        switch (message.Kind)
        {
            case GatewayMessageKind.Evict or GatewayMessageKind.MarkUncertain when !isOwn:
                evictions.Follow(message.Kind, message.Subject);
                break;
            case GatewayMessageKind.Echo when isOwn && Volatile.Read(ref _echo) is { } echo && message.Subject == echo.Line:
                echo.Heard.TrySetResult();
                break;
        }
    }

    private sealed record Echo(string Line, TaskCompletionSource Heard);
}
