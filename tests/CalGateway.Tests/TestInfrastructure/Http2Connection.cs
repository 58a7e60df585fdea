using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Frames of HTTP/2 as they come, where a client library would act upon them itself. Without TLS, and knowing that HTTP/2 is spoken.</summary>
internal sealed class Http2Connection : IDisposable
{
    public const byte GoAway = 7;

    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int FrameHeader = 9;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly string _authority;
    private int _nextStream = 1;

    private Http2Connection(TcpClient client, string authority)
    {
        (_client, _authority) = (client, authority);
        _stream = client.GetStream();
    }

    public static async Task<Http2Connection> OpenAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var connection = new Http2Connection(client, address.Authority);
        await connection._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await connection.WriteAsync(Settings, flags: 0, stream: 0, []);
        return connection;
    }

    /// <summary>The kinds of all frames that come until the answer is over.</summary>
    public async Task<IReadOnlyList<byte>> AskAsync(string path)
    {
        var stream = _nextStream;
        _nextStream += 2;
        await WriteAsync(Headers, EndStream | EndHeaders, stream, [0x82, 0x86, .. Named(4, path), .. Named(1, _authority)]); // GET, http, and the two that vary

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        var kinds = new List<byte>();
        while (true)
        {
            var header = new byte[FrameHeader];
            await _stream.ReadExactlyAsync(header, deadline.Token);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            await _stream.ReadExactlyAsync(new byte[length], deadline.Token);

            kinds.Add(header[3]);
            if (BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) == stream && header[3] is 0 or Headers && (header[4] & EndStream) != 0)
                return kinds;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    /// <summary>A field whose name stands in HPACK's table, and whose value is written out.</summary>
    private static byte[] Named(byte index, string value) => [index, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    private async Task WriteAsync(byte kind, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHeader + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (kind, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeader);
        await _stream.WriteAsync(frame, TestContext.Current.CancellationToken);
    }
}
