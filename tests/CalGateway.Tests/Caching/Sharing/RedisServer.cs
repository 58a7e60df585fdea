using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Tests.TestInfrastructure;
using StackExchange.Redis;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>A real Redis on a port and in a folder of its own, which a test may freeze, kill and start again.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-redis-");
    private readonly int _port = FreePort.Next();
    private Process? _process;

    public string Address => $"127.0.0.1:{_port}";

    private static string? Executable => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is none, except in CI, where there has to be.</summary>
    public static async Task<RedisServer> StartAsync(params string[] options)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(Executable is null, "redis-server is not installed (apt-get install redis-server).");

        var redis = new RedisServer();
        await redis.RestartAsync(options);
        return redis;
    }

    public async Task RestartAsync(params string[] options)
    {
        var start = new ProcessStartInfo(Executable ?? throw new InvalidOperationException("CI has no redis-server."),
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.FullName,
            .. options,
        ])
        { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(IsListening, "redis-server listens");
    }

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Every value of it, by key, as anybody who may look into Redis sees it.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> ValuesAsync() => await ValuesAsync(isOfStructures: false);

    /// <summary>What gateways have learned of the structure of answers.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> StructuresAsync() => await ValuesAsync(isOfStructures: true);

    private async Task<IReadOnlyDictionary<string, byte[]>> ValuesAsync(bool isOfStructures)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        var database = connection.GetDatabase();
        var values = new Dictionary<string, byte[]>();
        await foreach (var key in connection.GetServer(Address).KeysAsync())
        {
            if (await database.KeyTypeAsync(key) == RedisType.String && key.ToString().Contains(SharedStructures.Prefix, StringComparison.Ordinal) == isOfStructures)
                values[key.ToString()] = (byte[])(await database.StringGetAsync(key))!;
        }

        return values;
    }

    /// <summary>The names of all that there is in it.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        var keys = new List<string>();
        await foreach (var key in connection.GetServer(Address).KeysAsync())
            keys.Add(key.ToString());
        return keys;
    }

    public async Task OverwriteAsync(string key, byte[] value)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        await connection.GetDatabase().StringSetAsync(key, value);
    }

    /// <summary>The fields of a hash.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FieldsAsync(string key)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        return (await connection.GetDatabase().HashGetAllAsync(key)).ToDictionary(entry => entry.Name.ToString(), entry => entry.Value.ToString());
    }

    /// <summary>Sets one field of a hash, as somebody else might.</summary>
    public async Task SetFieldAsync(string key, string field, string value)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        await connection.GetDatabase().HashSetAsync(key, field, value);
    }

    /// <summary>As a Redis that needs room does with whatever is not asked for.</summary>
    public async Task LoseAsync(string key)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Address);
        Assert.True(await connection.GetDatabase().KeyDeleteAsync(key), key);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Thaw();
            await KillAsync();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private bool IsListening()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
