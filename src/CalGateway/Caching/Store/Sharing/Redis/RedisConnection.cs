using Microsoft.AspNetCore.OutputCaching;
using StackExchange.Redis;

namespace CalGateway.Caching.Store.Sharing.Redis;

/// <summary>One connection to Redis, and ASP.NET Core's <c>IOutputCacheStore</c> on it.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConfigurationOptions _options;
    private readonly Lazy<ServiceProvider> _services;
    private readonly Lock _connecting = new();
    private Task<ConnectionMultiplexer>? _connection;

    public RedisConnection(ConfigurationOptions options, RedisTraffic traffic, ILoggerFactory logging)
    {
        options.Tunnel = traffic;
        _options = options;
        Traffic = traffic;

        // The package registers one store in a container, and each connection needs its own.
        _services = new Lazy<ServiceProvider>(() => new ServiceCollection()
            .AddSingleton(logging)
            .AddLogging()
            .AddStackExchangeRedisOutputCache(store =>
            {
                store.InstanceName = RedisConnections.Namespace;
                store.ConnectionMultiplexerFactory = async () => await OpenAsync();
            })
            .BuildServiceProvider());
    }

    public RedisTraffic Traffic { get; }

    /// <summary>Created at the first use, because it starts a background loop.</summary>
    public IOutputCacheStore Store => _services.Value.GetRequiredService<IOutputCacheStore>();

    /// <summary>The connection, which reconnects by itself. A first attempt that failed is repeated at the next call.</summary>
    public Task<ConnectionMultiplexer> OpenAsync()
    {
        lock (_connecting)
        {
            return _connection is null or { IsFaulted: true } or { IsCanceled: true }
                ? _connection = ConnectionMultiplexer.ConnectAsync(_options)
                : _connection;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_services.IsValueCreated)
            await _services.Value.DisposeAsync();
        if (_connection is { IsCompletedSuccessfully: true })
            await (await _connection).DisposeAsync();
    }
}
