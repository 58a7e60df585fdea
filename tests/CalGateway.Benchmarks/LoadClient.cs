using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Benchmarks;

/// <summary>
/// Asks the same thing over a number of kept connections, each one request at a time, for a bounded while. It allocates
/// nothing a request, and it knows no address but this machine's own.
/// </summary>
internal sealed class LoadClient : IDisposable
{
    /// <summary>In a header, stands for a number that is another one in each request.</summary>
    public const string Counter = "##########";

    private readonly int _port;
    private readonly byte[] _request;
    private readonly byte[] _expected;
    private readonly int _counterAt;
    private readonly List<(Socket Socket, byte[] Buffer)> _connections = [];

    private LoadClient(int port, string path, string headers, int status)
    {
        _port = port;
        _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n");
        _expected = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}");
        _counterAt = _request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Counter));
    }

    /// <param name="port">On this machine.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="connections">How many.</param>
    /// <param name="headers">More lines, each with its line break.</param>
    /// <param name="status">Of every answer.</param>
    public static async Task<LoadClient> ConnectAsync(int port, string path, int connections, string headers = "", int status = 200)
    {
        var client = new LoadClient(port, path, headers, status);
        for (var opened = 0; opened < connections; opened++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client._connections.Add((socket, new byte[64 * 1024]));
            await socket.ConnectAsync(IPAddress.Loopback, port, CancellationToken.None);
        }

        return client;
    }

    /// <summary>How many answers came; throws for the first of another status than expected.</summary>
    public async Task<long> RunAsync(TimeSpan duration)
    {
        using var over = new CancellationTokenSource(duration);
        var counts = await Task.WhenAll(_connections.Select(connection => AskAsync(connection.Socket, connection.Buffer, over.Token)));
        return counts.Sum();
    }

    public void Dispose() => _connections.ForEach(connection => connection.Socket.Dispose());

    private async Task<long> AskAsync(Socket socket, byte[] buffer, CancellationToken over)
    {
        var count = 0L;
        for (; !over.IsCancellationRequested; count++)
        {
            if (_counterAt >= 0)
                Random.Shared.GetItems("0123456789"u8, _request.AsSpan(_counterAt, Counter.Length));
            await socket.SendAsync(_request, SocketFlags.None, CancellationToken.None);
            var received = 0;
            while (received == 0 || LengthOf(buffer.AsSpan(0, received)) is not { } length || received < length)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None, CancellationToken.None);
                if (read == 0)
                    throw new IOException($"127.0.0.1:{_port} closed the connection.");
                received += read;
            }
        }

        return count;
    }

    /// <summary>The length of the whole answer, once its headers are here. Chunks are taken to end with the packet's own end.</summary>
    private int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;
        if (!answer.StartsWith(_expected))
            throw new IOException(Encoding.ASCII.GetString(answer[..end]));

        var headers = answer[..end];
        var at = headers.IndexOf("Content-Length: "u8);
        if (at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(headers[(at + 16)..], out int length, out _))
            return end + 4 + length;
        return answer.EndsWith("0\r\n\r\n"u8) ? answer.Length : null;
    }
}
