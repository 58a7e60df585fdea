using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using Microsoft.AspNetCore.OutputCaching;
using StackExchange.Redis;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// The connections to Redis: one for short commands and messages, one to read answers, and one to write them. Replies on a connection come in order, so a
/// large answer would delay short commands on the same connection. StackExchange.Redis reconnects by itself.
/// </summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    public const string Namespace = "calgateway:";

    /// <summary>The timeout of the client for one answer. It is long, because <see cref="SharedTransfers"/> and <see cref="RedisReads"/> give up earlier.</summary>
    private static readonly TimeSpan TransferTimeout = TimeSpan.FromMinutes(2);

    private static readonly RedisChannel Messages = RedisChannel.Literal(Namespace + "evict");

    private readonly RedisConnection? _main;
    private readonly RedisConnection? _reading;
    private readonly RedisConnection? _writing;
    private readonly Lock _subscribing = new();
    private Task? _listening;

    public RedisConnections(Revisions revisions, TimeProvider clock, ILoggerFactory logging)
    {
        if (revisions.Current.Options<CacheOptions>().Redis is not { Length: > 0 } address)
            return;

        var main = Options(address);
        _main = new RedisConnection(main, new RedisTraffic(main.Tunnel, isWatched: false, hasOneConnection: main.Protocol == RedisProtocol.Resp3, clock), logging);
        _reading = ForAnswers(address, clock, logging);
        _writing = ForAnswers(address, clock, logging);
        Reads = new RedisReads(_reading, clock);
    }

    /// <summary>The sender of this gateway's messages.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether the settings name a Redis.</summary>
    public bool IsWanted => _main is not null;

    /// <summary>For short commands: evictions, and the empty entry that replaces a stored answer.</summary>
    public IOutputCacheStore Store => _main!.Store;

    /// <summary>For writing answers of any size.</summary>
    public IOutputCacheStore WritingStore => _writing!.Store;

    public RedisReads? Reads { get; }

    /// <summary>The number of the connection on which messages are received: each reconnect increases it. 0 before the first.</summary>
    public int ConnectionNumber => _main!.Traffic.ConnectionNumber;

    /// <summary>What is wrong with a connection string; null for nothing. The text does not quote it, because it may hold a password.</summary>
    public static string? Problem(string address)
    {
        try
        {
            return ConfigurationOptions.Parse(address).EndPoints.Count > 0 ? null : "names no host.";
        }
        catch (ArgumentException)
        {
            return "is not a connection string. Write host:port, and options behind it as name=value, separated by commas.";
        }
    }

    /// <summary>Pings on both sockets of the main connection: the one for commands, and the one for messages.</summary>
    public async Task PingAsync(CancellationToken cancellation)
    {
        var connecting = _main!.OpenAsync();
        await connecting.OrAbandonAsync(cancellation);
        var connection = await connecting;
        await connection.GetDatabase().PingAsync().OrAbandonAsync(cancellation);
        await connection.GetSubscriber().PingAsync().OrAbandonAsync(cancellation);
    }

    /// <summary>Subscribes to the messages of gateways. Once is enough: after a reconnect StackExchange.Redis subscribes again by itself.</summary>
    public Task ListenAsync(Action<GatewayMessage> handle, CancellationToken cancellation)
    {
        lock (_subscribing)
        {
            if (_listening is null or { IsFaulted: true } or { IsCanceled: true })
                _listening = SubscribeAsync(handle);
            return _listening.OrAbandonAsync(cancellation);
        }
    }

    /// <summary>Runs a script on one key; StackExchange.Redis sends its text once, and its hash from then on.</summary>
    public async Task<RedisResult> EvaluateAsync(string script, string key, RedisValue[] values) =>
        await (await _main!.OpenAsync()).GetDatabase().ScriptEvaluateAsync(script, [key], values);

    public async Task PublishAsync(GatewayMessageKind kind, string subject) =>
        await (await _main!.OpenAsync()).GetSubscriber().PublishAsync(Messages, new GatewayMessage(Name, kind, subject).Write());

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in new[] { _main, _reading, _writing })
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    private async Task SubscribeAsync(Action<GatewayMessage> handle)
    {
        var subscriber = (await _main!.OpenAsync()).GetSubscriber();
        try
        {
            (await subscriber.SubscribeAsync(Messages)).OnMessage(received =>
            {
                if (GatewayMessage.Read(received.Message) is { } message)
                    handle(message);
            });
        }
        catch (Exception)
        {
            // A failed subscription stays registered, and would collect messages without being read.
            await subscriber.UnsubscribeAsync(Messages, flags: CommandFlags.FireAndForget);
            throw;
        }
    }

    private static ConfigurationOptions Options(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false; // it keeps trying in the background
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "calgateway";
        return options;
    }

    private static RedisConnection ForAnswers(string address, TimeProvider clock, ILoggerFactory logging)
    {
        var options = Options(address);
        options.AsyncTimeout = Math.Max(options.AsyncTimeout, (int)TransferTimeout.TotalMilliseconds);
        options.ConfigurationChannel = ""; // it receives no messages
        return new RedisConnection(options, new RedisTraffic(options.Tunnel, isWatched: true, hasOneConnection: false, clock), logging);
    }
}
