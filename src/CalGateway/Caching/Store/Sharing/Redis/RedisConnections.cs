using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using Microsoft.AspNetCore.OutputCaching;
using StackExchange.Redis;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>
/// The connections to Redis: one for short commands and for messages, one to read stored answers and one to write them, so that a large answer on a
/// slow connection delays only others of its kind. StackExchange.Redis reconnects each by itself.
/// </summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    public const string Namespace = "calgateway:";

    /// <summary>The client's own limit for one answer; <see cref="SharedTransfers"/> and <see cref="RedisReads"/> give up earlier.</summary>
    private static readonly TimeSpan LongestTransfer = TimeSpan.FromMinutes(2);

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
        _main = new RedisConnection(main, new RedisTraffic(main.Tunnel, isWatched: false, hearsOnAnyLine: main.Protocol == RedisProtocol.Resp3, clock), logging);
        _reading = ForAnswers(address, clock, logging);
        _writing = ForAnswers(address, clock, logging);
        Reads = new RedisReads(_reading, clock);
    }

    /// <summary>Tells this gateway's messages from the others'.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether the settings name a Redis.</summary>
    public bool IsWanted => _main is not null;

    /// <summary>For what is short: evictions, and the empty entry that replaces a stored one.</summary>
    public IOutputCacheStore Store => _main!.Store;

    /// <summary>For answers, of any size.</summary>
    public IOutputCacheStore WritingStore => _writing!.Store;

    public RedisReads? Reads { get; }

    /// <summary>The number of the connection on which messages are heard: each reconnect counts one up. 0 before the first.</summary>
    public int Line => _main!.Traffic.Line;

    /// <summary>What is wrong with a connection string, without quoting it: it may hold a password.</summary>
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

    /// <summary>Pings on both sockets of the main connection: that of commands, and that of messages.</summary>
    public async Task PingAsync(CancellationToken cancellation)
    {
        var connecting = _main!.OpenAsync();
        await connecting.OrAbandonAsync(cancellation);
        var connection = await connecting;
        await connection.GetDatabase().PingAsync().OrAbandonAsync(cancellation);
        await connection.GetSubscriber().PingAsync().OrAbandonAsync(cancellation);
    }

    /// <summary>Hears what gateways publish. Once is enough: after a reconnect StackExchange.Redis subscribes again by itself.</summary>
    public Task ListenAsync(Action<GatewayMessage> handle, CancellationToken cancellation)
    {
        lock (_subscribing)
        {
            if (_listening is null or { IsFaulted: true } or { IsCanceled: true })
                _listening = SubscribeAsync(handle);
            return _listening.OrAbandonAsync(cancellation);
        }
    }

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
            // A failed subscription stays registered, and would collect messages that nobody reads.
            await subscriber.UnsubscribeAsync(Messages, flags: CommandFlags.FireAndForget);
            throw;
        }
    }

    private static ConfigurationOptions Options(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false; // it goes on trying in the background
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "calgateway";
        return options;
    }

    private static RedisConnection ForAnswers(string address, TimeProvider clock, ILoggerFactory logging)
    {
        var options = Options(address);
        options.AsyncTimeout = Math.Max(options.AsyncTimeout, (int)LongestTransfer.TotalMilliseconds);
        options.ConfigurationChannel = ""; // it hears no messages
        return new RedisConnection(options, new RedisTraffic(options.Tunnel, isWatched: true, hearsOnAnyLine: false, clock), logging);
    }
}
