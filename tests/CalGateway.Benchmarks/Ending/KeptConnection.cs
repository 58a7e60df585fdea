using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Benchmarks.Ending;

/// <summary>
/// One caller of HTTP/1.1 and its connection, which it keeps unless an answer says <c>Connection: close</c>. It tries nothing again: HttpClient would, and hide
/// what a caller without that would meet.
/// </summary>
internal sealed class KeptConnection(Uri address) : IDisposable
{
    private const string EndOfHead = "\r\n\r\n";
    private const string EndOfChunks = "0\r\n\r\n";

    private readonly byte[] _buffer = new byte[256 * 1024];
    private TcpClient? _connection;

    /// <summary>The status of the answer, once all of it is here.</summary>
    /// <exception cref="IOException">The connection ended first.</exception>
    public async Task<int> GetAsync(string path)
    {
        try
        {
            _connection ??= await ConnectAsync();
            var stream = _connection.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));

            var answer = await ReadAsync(stream);
            if (answer[..answer.IndexOf(EndOfHead, StringComparison.Ordinal)].Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
                Dispose();
            return int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port);
        return client;
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var received = 0;
        while (true)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(received));
            if (read == 0)
                throw new IOException($"The connection ended after {received} bytes of an answer.");

            received += read;
            var text = Encoding.Latin1.GetString(_buffer, 0, received);
            if (IsWhole(text))
                return text;
        }
    }

    private static bool IsWhole(string text)
    {
        const string length = "Content-Length: ";
        var end = text.IndexOf(EndOfHead, StringComparison.Ordinal);
        if (end < 0)
            return false;

        var at = text.IndexOf(length, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || at > end)
            return text.EndsWith(EndOfChunks, StringComparison.Ordinal);
        var number = text[(at + length.Length)..text.IndexOf('\r', at)];
        return text.Length >= end + EndOfHead.Length + int.Parse(number, CultureInfo.InvariantCulture);
    }
}
