using System.Globalization;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Telemetry;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>Probes Redis, and handles the messages that gateways send each other over it.</summary>
internal sealed class RedisMonitor(
    RedisConnections connections, RedisHealth health, SharedAnswers shared, Evictions evictions, TimeProvider clock, WatchMetrics metrics,
    ILogger<RedisMonitor> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of the connection on which no eviction was missed.</summary>
    private int _connection;

    private readonly Watch _watch = new("redis", clock, metrics, logger);

    private Echo? _echo;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!connections.IsWanted)
            return;

        using var timer = new PeriodicTimer(Interval, clock);
        do
            await _watch.RunOnceAsync(() => health.ProbeAsync(ReachAsync, stoppingToken), stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// Makes sure that Redis answers, that this gateway receives messages, and that Redis has all its evictions. If the connection was replaced, evictions of
    /// other gateways may have been missed; a Redis that was only slow has lost nothing.
    /// </summary>
    private async Task ReachAsync(CancellationToken cancellation)
    {
        await connections.PingAsync(cancellation);
        await connections.ListenAsync(message => _watch.RunOnce(() => Handle(message)), cancellation);
        await shared.CatchUpAsync(cancellation);
        var connection = connections.ConnectionNumber; // a break after this point is noticed by the next probe
        if (connection == _connection)
            return;

        await ReceiveOwnMessageAsync(connection, cancellation);
        MarkUncertain(isFirst: _connection == 0);
        _connection = connection;
    }

    /// <summary>A failure here is the gateway's fault, so it is logged and counted, and thrown on: Redis must not be used until this is done.</summary>
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

    private async Task ReceiveOwnMessageAsync(int connection, CancellationToken cancellation)
    {
        var echo = new Echo(connection.ToString(CultureInfo.InvariantCulture), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _echo, echo);
        await connections.PublishAsync(GatewayMessageKind.Echo, echo.Connection).OrAbandonAsync(cancellation);
        await echo.Received.Task.WaitAsync(cancellation);
    }

    private void Handle(GatewayMessage message)
    {
        var isOwn = message.Sender == connections.Name;
        switch (message.Kind)
        {
            case GatewayMessageKind.Evict or GatewayMessageKind.MarkUncertain when !isOwn:
                evictions.Follow(message.Kind, message.Subject);
                break;
            case GatewayMessageKind.Echo when isOwn && Volatile.Read(ref _echo) is { } echo && message.Subject == echo.Connection:
                echo.Received.TrySetResult();
                break;
        }
    }

    private sealed record Echo(string Connection, TaskCompletionSource Received);
}
