using System.Net;
using System.Net.Sockets;

namespace CalGateway.Envelope;

/// <summary>How a program on this machine reaches a gateway: a wildcard address as localhost, a Unix socket by the path of its file.</summary>
/// <param name="SocketPath">The file of the Unix socket; null for TCP.</param>
internal sealed record OwnAddress(Uri Url, string? SocketPath)
{
    private const string Localhost = "localhost";

    private static readonly IPAddress[] Loopback = [IPAddress.IPv6Loopback, IPAddress.Loopback];

    /// <summary>The first address that can be called, plain HTTP before TLS. Null for none, for example where the system chooses the port.</summary>
    public static OwnAddress? Among(IEnumerable<string> addresses) => addresses
        .Select(Of)
        .OfType<OwnAddress>()
        .OrderBy(address => address.Url.Scheme == Uri.UriSchemeHttp ? 0 : 1)
        .FirstOrDefault();

    /// <summary>The address as in settings.</summary>
    public override string ToString() => SocketPath is null ? Url.AbsoluteUri.TrimEnd('/') : $"{Url.Scheme}://unix:{SocketPath}";

    /// <summary>A client without proxy and without name resolution, which an image need not have. It accepts any certificate, because that is not issued for localhost and the request stays on this machine.</summary>
    public HttpClient CreateClient(TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        if (SocketPath is not null)
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(UnixSocket(), socket => socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellation));
        else if (Url.Host == Localhost)
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(TcpSocket(), socket => socket.ConnectAsync(Loopback, Url.Port, cancellation));
        return new HttpClient(handler) { BaseAddress = Url, Timeout = timeout };
    }

    private static Socket UnixSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static Socket TcpSocket() => new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static async ValueTask<Stream> ConnectAsync(Socket socket, Func<Socket, ValueTask> connect)
    {
        try
        {
            await connect(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static OwnAddress? Of(string address)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            return null; // start and check report it
        }

        if (binding.IsUnixPipe)
            return new OwnAddress(new Uri($"{binding.Scheme}://{Localhost}"), binding.UnixPipePath);
        return binding is { IsNamedPipe: false, Port: > 0 } && Uri.TryCreate($"{binding.Scheme}://{HostOf(binding.Host)}:{binding.Port}", UriKind.Absolute, out var url)
            ? new OwnAddress(url, null)
            : null;
    }

    /// <summary>Kestrel treats every host that is no IP address as "all addresses of this machine".</summary>
    private static string HostOf(string host) =>
        !IPAddress.TryParse(host.Trim('[', ']'), out var address) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any) ? Localhost : host;
}
