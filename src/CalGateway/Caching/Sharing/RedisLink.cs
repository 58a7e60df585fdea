using System.Globalization;
using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using Microsoft.AspNetCore.OutputCaching;
using StackExchange.Redis;

namespace CalGateway.Caching.Sharing;

/// <summary>
/// The connections to Redis: one for what is short and for hearing other gateways, one to read stored answers and one to write them, so that a large
/// answer on a slow line delays nothing but others of its kind.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    public const string Namespace = "calgateway:";

    /// <summary>Redis may take so long over a large answer on a slow line; <see cref="SharedWrites"/> and <see cref="RedisReads"/> give up earlier.</summary>
    private static readonly TimeSpan LongestTransfer = TimeSpan.FromMinutes(2);

    /// <summary>How long a gateway waits to hear itself. Nobody waits for the gateway meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly RedisChannel Evictions = RedisChannel.Literal(Namespace + "evict");

    /// <summary>Tells this gateway's messages from the others'.</summary>
    private readonly string _name = Guid.NewGuid().ToString("N");

    private readonly RedisConnection? _main;
    private readonly RedisConnection? _reading;
    private readonly RedisConnection? _writing;
    private bool _isListening;
    private Echo? _echo;

    public RedisLink(Revisions revisions, TimeProvider clock, ILoggerFactory logging)
    {
        if (revisions.Current.Options<CacheOptions>().Redis is not { Length: > 0 } address)
            return;

        var main = Options(address);
        _main = new RedisConnection(main, new RedisTraffic(main.Tunnel, isWatched: false, hearsOnAnyLine: main.Protocol == RedisProtocol.Resp3, clock), logging);
        _reading = ForAnswers(address, clock, logging);
        _writing = ForAnswers(address, clock, logging);
        Reads = new RedisReads(_reading, clock);
    }

    public bool IsWanted => _main is not null;

    /// <summary>For what is short: evictions, and the entry that replaces a stored one.</summary>
    public IOutputCacheStore Store => _main!.Store;

    /// <summary>For answers, of any size.</summary>
    public IOutputCacheStore WritingStore => _writing!.Store;

    public RedisReads? Reads { get; }

    /// <summary>The number of the connection on which other gateways are heard, which is another one after each break; 0 before there is one.</summary>
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

    /// <summary>Both connections answer: that which is asked, and that on which others are heard.</summary>
    public async Task PingAsync()
    {
        var connection = await _main!.OpenAsync();
        await connection.GetDatabase().PingAsync();
        await connection.GetSubscriber().PingAsync();
    }

    /// <summary>Hears what other gateways evict. Once is enough: after a break StackExchange.Redis subscribes anew by itself.</summary>
    public async Task ListenAsync(Action<Eviction> heard)
    {
        if (_isListening)
            return;

        var subscriber = (await _main!.OpenAsync()).GetSubscriber();
        try
        {
            (await subscriber.SubscribeAsync(Evictions)).OnMessage(message => Hear(message.Message, heard));
            _isListening = true;
        }
        catch (Exception)
        {
            // What could not be subscribed stays registered all the same, and would collect messages that nobody reads.
            await subscriber.UnsubscribeAsync(Evictions, flags: CommandFlags.FireAndForget);
            throw;
        }
    }

    /// <summary>Ends when this gateway has heard itself: whatever others publish from then on, it hears.</summary>
    public async Task HearItselfAsync(int line)
    {
        var echo = new Echo($"{_name} here {line.ToString(CultureInfo.InvariantCulture)}", new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _echo, echo);
        await PublishAsync(echo.Text);
        await echo.Heard.Task.WaitAsync(Patience);
    }

    public Task PublishAsync(Eviction eviction) => PublishAsync(eviction.Write(_name));

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in new[] { _main, _reading, _writing })
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    private async Task PublishAsync(string text) => await (await _main!.OpenAsync()).GetSubscriber().PublishAsync(Evictions, text);

    private void Hear(string? message, Action<Eviction> heard)
    {
        if (Eviction.Read(message, _name) is { } eviction)
            heard(eviction);
        else if (Volatile.Read(ref _echo) is { } echo && message == echo.Text)
            echo.Heard.TrySetResult();
    }

    private static ConfigurationOptions Options(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false; // it goes on trying behind
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        options.ClientName = "calgateway";
        return options;
    }

    private static RedisConnection ForAnswers(string address, TimeProvider clock, ILoggerFactory logging)
    {
        var options = Options(address);
        options.AsyncTimeout = Math.Max(options.AsyncTimeout, (int)LongestTransfer.TotalMilliseconds);
        options.ConfigurationChannel = ""; // nothing is heard on it
        return new RedisConnection(options, new RedisTraffic(options.Tunnel, isWatched: true, hearsOnAnyLine: false, clock), logging);
    }

    /// <summary>What this gateway has told itself.</summary>
    private sealed record Echo(string Text, TaskCompletionSource Heard);
}
