using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// Notices two things that StackExchange.Redis does not report: that it has made a new connection for messages, before any message can arrive on it, and
/// that bytes of a reply are arriving.
/// </summary>
/// <param name="chosen">The tunnel in the operator's connection string; null for none.</param>
/// <param name="isWatched">Whether arriving bytes are noticed, which costs a little for each read.</param>
/// <param name="hasOneConnection">True with RESP3, which has no separate connection for messages.</param>
internal sealed class RedisTraffic(Tunnel? chosen, bool isWatched, bool hasOneConnection, TimeProvider clock) : Tunnel
{
    private long _receivedAt = long.MinValue;
    private int _connections;

    /// <summary>The number of the connection on which messages are received. If it has changed, messages may have been missed.</summary>
    public int ConnectionNumber => Volatile.Read(ref _connections);

    public bool HasReceivedWithin(TimeSpan time) =>
        Volatile.Read(ref _receivedAt) is var at && at != long.MinValue && clock.GetElapsedTime(at) < time;

    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        chosen?.GetSocketConnectEndpointAsync(endpoint, cancellationToken) ?? base.GetSocketConnectEndpointAsync(endpoint, cancellationToken);

    public override ValueTask BeforeSocketConnectAsync(EndPoint endPoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken) =>
        chosen?.BeforeSocketConnectAsync(endPoint, connectionType, socket, cancellationToken)
        ?? base.BeforeSocketConnectAsync(endPoint, connectionType, socket, cancellationToken);

    public override async ValueTask<Stream?> BeforeAuthenticateAsync(EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (hasOneConnection || connectionType == ConnectionType.Subscription)
            Interlocked.Increment(ref _connections);

        var stream = chosen is null ? null : await chosen.BeforeAuthenticateAsync(endpoint, connectionType, socket, cancellationToken);
        return isWatched && (stream is not null || socket is not null)
            ? new WatchedStream(stream ?? new NetworkStream(socket!), () => Volatile.Write(ref _receivedAt, clock.GetTimestamp()))
            : stream;
    }
}
