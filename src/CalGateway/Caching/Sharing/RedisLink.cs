using CalGateway.Configuration;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.OutputCaching.StackExchangeRedis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CalGateway.Caching.Sharing;

/// <summary>The one connection to Redis, used by the framework's store and for telling other gateways of evictions.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    public const string Namespace = "calgateway:";

    private static readonly RedisChannel Evictions = RedisChannel.Literal(Namespace + "evict");

    /// <summary>Tells this gateway's messages from the others'.</summary>
    private readonly string _name = Guid.NewGuid().ToString("N");

    private readonly string? _address;
    private readonly Lazy<IOutputCacheStore> _store;
    private readonly Lock _connecting = new();
    private Task<ConnectionMultiplexer>? _connection;
    private Task? _listening;
    private bool _hasMissedSomething;

    public RedisLink(Revisions revisions, IServiceProvider services)
    {
        _address = revisions.Current.Options.Cache.Redis;
        _store = new Lazy<IOutputCacheStore>(services.GetRequiredService<IOutputCacheStore>);
    }

    public bool IsWanted => _address is { Length: > 0 };

    /// <summary>Made when it is first used, for it starts a loop of its own.</summary>
    public IOutputCacheStore Store => _store.Value;

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

    public static void Share(RedisOutputCacheOptions options, RedisLink link)
    {
        options.InstanceName = Namespace;
        options.ConnectionMultiplexerFactory = async () => await link.ConnectAsync();
    }

    /// <summary>Both lines answer: that which is asked, and that on which others are heard.</summary>
    public async Task PingAsync()
    {
        var connection = await ConnectAsync();
        await connection.GetDatabase().PingAsync();
        await connection.GetSubscriber().PingAsync();
    }

    /// <summary>Hears what other gateways evict. Once is enough: after a break StackExchange.Redis subscribes anew by itself.</summary>
    public Task ListenAsync(Func<Eviction, Task> heard) =>
        _listening is null or { IsFaulted: true } or { IsCanceled: true } ? _listening = SubscribeAsync(heard) : _listening;

    /// <summary>
    /// Whether the others may have evicted without this gateway's hearing of it: since it was asked before, the line over
    /// which it hears has been broken and is whole again. A Redis that is merely slow loses nothing.
    /// </summary>
    public bool HasMissedSomething() => Interlocked.Exchange(ref _hasMissedSomething, false);

    public async Task PublishAsync(Eviction eviction) => await (await ConnectAsync()).GetSubscriber().PublishAsync(Evictions, eviction.Write(_name));

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsCompletedSuccessfully: true })
            await (await _connection).DisposeAsync();
    }

    private async Task SubscribeAsync(Func<Eviction, Task> heard)
    {
        var channel = await (await ConnectAsync()).GetSubscriber().SubscribeAsync(Evictions);
        channel.OnMessage(message => Eviction.Read(message.Message, _name) is { } eviction ? heard(eviction) : Task.CompletedTask);
    }

    /// <summary>The connection. It heals by itself; an attempt that failed altogether, as with a name that nobody knows yet, is made again.</summary>
    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_connecting)
            return _connection is null or { IsFaulted: true } or { IsCanceled: true } ? _connection = OpenAsync() : _connection;
    }

    private async Task<ConnectionMultiplexer> OpenAsync()
    {
        var options = ConfigurationOptions.Parse(_address!);
        options.AbortOnConnectFail = false; // it goes on trying behind
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "calgateway";
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        connection.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Subscription)
                Volatile.Write(ref _hasMissedSomething, true);
        };
        return connection;
    }
}

/// <summary>Gives the framework's store our connection.</summary>
internal sealed class RedisStoreSetup(RedisLink link) : IConfigureOptions<RedisOutputCacheOptions>
{
    public void Configure(RedisOutputCacheOptions options) => RedisLink.Share(options, link);
}
