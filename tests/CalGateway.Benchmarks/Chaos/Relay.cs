using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CalGateway.Benchmarks.Chaos;

/// <summary>How the relay treats connections.</summary>
internal enum RelayMode
{
    /// <summary>To the sandbox and back.</summary>
    Pass,

    /// <summary>Nobody listens.</summary>
    Refuse,

    /// <summary>Requests are taken, and nothing comes back.</summary>
    Hang,

    /// <summary>The answer's headers, and nothing after them.</summary>
    HangAfterHeaders,

    /// <summary>Bytes that are no HTTP.</summary>
    Garbage,
}

/// <summary>What stands between the gateway and the sandbox, and does to connections what no server lets itself do.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Uri _target;
    private readonly int _port;
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private TcpListener _listener;

    public Relay(Uri target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public RelayMode Mode { get; private set; }

    /// <summary>Connections that are open end with a change.</summary>
    public void Set(RelayMode mode)
    {
        if (Mode == mode)
            return;

        if (mode == RelayMode.Refuse)
            _listener.Stop();
        else if (Mode == RelayMode.Refuse)
        {
            _listener = new TcpListener(IPAddress.Loopback, _port);
            _listener.Start();
            _ = AcceptAsync(_listener);
        }

        Mode = mode;
        foreach (var (socket, _) in _open)
            socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var (socket, _) in _open)
            socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        caller.NoDelay = true;
        (_open[caller], _open[target]) = (0, 0);
        try
        {
            if (Mode == RelayMode.Garbage)
            {
                await caller.ReceiveAsync(new byte[64 * 1024]);
                var bytes = new byte[200];
                Random.Shared.NextBytes(bytes);
                await caller.SendAsync(bytes);
                return;
            }

            await target.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(CopyAsync(caller, target, isAnswer: false), CopyAsync(target, caller, isAnswer: true));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // One of the two hung up, or the mode has changed.
        }
        finally
        {
            _open.TryRemove(caller, out _);
            _open.TryRemove(target, out _);
            caller.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (isAnswer && Mode == RelayMode.Hang)
                continue;

            var end = isAnswer && Mode == RelayMode.HangAfterHeaders ? buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8) : -1;
            var part = end < 0 ? count : end + 4;
            if (isAnswer && Mode == RelayMode.HangAfterHeaders && end < 0)
                continue;
            await to.SendAsync(buffer.AsMemory(0, part));
        }
    }
}
