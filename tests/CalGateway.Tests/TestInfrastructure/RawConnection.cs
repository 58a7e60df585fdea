using System.Net.Sockets;
using System.Text;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Sends bytes on a socket, for requests that an HTTP client would change or refuse.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return new RawConnection(client);
    }

    /// <summary>Sends one request on a connection of its own, and returns everything until the other side closes.</summary>
    public static async Task<string> AskAsync(Uri address, string request)
    {
        using var connection = await OpenAsync(address);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    /// <summary>Everything that arrives until the connection ends, cleanly or not, within ten seconds.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received, deadline.Token);
        }
        catch (IOException)
        {
            // After a reset, a real caller would have seen the bytes before it.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
