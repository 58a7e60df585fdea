using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Benchmarks;

/// <summary>
/// Asks the same thing over a number of kept connections, each one request at a time, for a bounded while. It allocates
/// nothing a request, and it knows no address but this machine's own.
/// </summary>
internal static class LoadClient
{
    /// <summary>How many answers came; throws for the first that is none of status 200.</summary>
    public static async Task<long> RunAsync(int port, string path, int connections, TimeSpan duration)
    {
        using var over = new CancellationTokenSource(duration);
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => AskAsync(port, path, over.Token)));
        return counts.Sum();
    }

    private static async Task<long> AskAsync(int port, string path, CancellationToken over)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, CancellationToken.None);
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
        var buffer = new byte[64 * 1024];
        var count = 0L;
        for (; !over.IsCancellationRequested; count++)
        {
            await socket.SendAsync(request, SocketFlags.None, CancellationToken.None);
            var received = 0;
            while (received == 0 || LengthOf(buffer.AsSpan(0, received)) is not { } length || received < length)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None, CancellationToken.None);
                if (read == 0)
                    throw new IOException($"127.0.0.1:{port} closed the connection.");
                received += read;
            }
        }

        return count;
    }

    /// <summary>The length of the whole answer, once its headers are here. Chunks are taken to end with the packet's own end.</summary>
    private static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;
        if (!answer.StartsWith("HTTP/1.1 200"u8))
            throw new IOException(Encoding.ASCII.GetString(answer[..end]));

        var headers = answer[..end];
        var at = headers.IndexOf("Content-Length: "u8);
        if (at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(headers[(at + 16)..], out int length, out _))
            return end + 4 + length;
        return answer.EndsWith("0\r\n\r\n"u8) ? answer.Length : null;
    }
}
