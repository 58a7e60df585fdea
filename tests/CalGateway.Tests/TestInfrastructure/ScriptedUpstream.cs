using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>An upstream that sends exactly the bytes that a test gives it, for answers that no HTTP server would send.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly Func<Exchange, Task> _script;
    private readonly Task _accepting;
    private bool _isOver;

    private ScriptedUpstream(Func<Exchange, Task> script)
    {
        _script = script;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Request line and headers of every request, as received.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    /// <param name="script">Called for each connection when the head of its request is read; the connection ends when it returns.</param>
    public static ScriptedUpstream Start(Func<Exchange, Task> script) => new(script);

    /// <summary>Sends the same bytes for every request.</summary>
    public static ScriptedUpstream Saying(string answer) => Start(exchange => exchange.SendAsync(answer));

    /// <summary>Answers 404 with this body and these header lines.</summary>
    public static ScriptedUpstream NotFound(byte[] body, params string[] headers) => Start(async exchange =>
    {
        var lines = string.Concat(headers.Select(header => header + "\r\n"));
        await exchange.SendAsync($"HTTP/1.1 404 Not Found\r\n{lines}Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n\r\n");
        await exchange.SendAsync(body);
    });

    /// <summary>May be called twice: some tests stop it before they end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, true))
            return;

        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var exchanges = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                exchanges.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(exchanges);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var exchange = new Exchange(socket, _stopping.Token);
        try
        {
            _heads.Enqueue(await exchange.ReadHeadAsync());
            await _script(exchange);
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
        {
            // The gateway closed the connection, or the test is over.
        }
    }
}

/// <summary>One connection of a <see cref="ScriptedUpstream"/>.</summary>
internal sealed class Exchange(Socket socket, CancellationToken stopping) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public CancellationToken Stopping => stopping;

    /// <summary>Request line and headers, as they came.</summary>
    public string Head { get; private set; } = "";

    /// <summary>The number of the connection.</summary>
    public int CallersPort => ((IPEndPoint)socket.RemoteEndPoint!).Port;

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, stopping).AsTask();

    /// <summary>Keeps the connection open until the test is over.</summary>
    public Task HangAsync() => new TaskCompletionSource().Task.WaitAsync(stopping);

    /// <summary>Ends the connection with a TCP reset instead of a close.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append(await ReadAsync(1));
        return Head = head.ToString();
    }

    /// <summary>Reads exactly this number of bytes of the request's body, as sent.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var buffer = new byte[count];
        await _stream.ReadExactlyAsync(buffer, stopping);
        return Encoding.Latin1.GetString(buffer);
    }

    public void Dispose() => _stream.Dispose();
}
