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
    private readonly string _sender = Guid.NewGuid().ToString("N");

    private readonly string? _address;
    private readonly Lazy<IOutputCacheStore> _store;
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private bool _isListening;

    public RedisLink(Revisions revisions, IServiceProvider services)
    {
        _address = revisions.Current.Options.Cache.Redis;
        _store = new Lazy<IOutputCacheStore>(services.GetRequiredService<IOutputCacheStore>);
        _connection = new Lazy<Task<ConnectionMultiplexer>>(ConnectAsync);
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
        options.ConnectionMultiplexerFactory = async () => await link._connection.Value;
    }

    public async Task PingAsync() => await (await _connection.Value).GetDatabase().PingAsync();

    /// <summary>Hears what other gateways evict. Once is enough: after a break StackExchange.Redis subscribes anew by itself.</summary>
    public async Task ListenAsync(Func<string, Task> evicted)
    {
        if (_isListening)
            return;

        var channel = await (await _connection.Value).GetSubscriber().SubscribeAsync(Evictions);
        _isListening = true;
        channel.OnMessage(message => Read(message.Message) is { } tag ? evicted(tag) : Task.CompletedTask);
    }

    public async Task<bool> PublishAsync(string tag)
    {
        await (await _connection.Value).GetSubscriber().PublishAsync(Evictions, $"{_sender} {tag}");
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _connection.Value).DisposeAsync();
    }

    private string? Read(string? message) =>
        message?.Split(' ', 2) is [var sender, var tag] && sender != _sender ? tag : null;

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var options = ConfigurationOptions.Parse(_address!);
        options.AbortOnConnectFail = false; // it goes on trying behind
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "calgateway";
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}

/// <summary>Gives the framework's store our connection.</summary>
internal sealed class RedisStoreSetup(RedisLink link) : IConfigureOptions<RedisOutputCacheOptions>
{
    public void Configure(RedisOutputCacheOptions options) => RedisLink.Share(options, link);
}
