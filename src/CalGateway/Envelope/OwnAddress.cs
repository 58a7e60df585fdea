using System.Net;
using System.Net.Sockets;

namespace CalGateway.Envelope;

/// <summary>
/// How a program on this machine calls a gateway that serves at given addresses: what stands for all of the machine's addresses is called at
/// localhost, and a socket file by its path.
/// </summary>
/// <param name="Url">Scheme, host and port.</param>
/// <param name="SocketPath">The socket file; null for TCP.</param>
internal sealed record OwnAddress(Uri Url, string? SocketPath)
{
    private const string Localhost = "localhost";

    /// <summary>The one that needs least to be called: plain HTTP before TLS. Null where none can be called, as with a port that the system chooses.</summary>
    public static OwnAddress? Among(IEnumerable<string> addresses) => addresses
        .Select(Of)
        .OfType<OwnAddress>()
        .OrderBy(address => address.Url.Scheme == Uri.UriSchemeHttp ? 0 : 1)
        .FirstOrDefault();

    /// <summary>For programs as people write it.</summary>
    public override string ToString() => SocketPath is null ? Url.AbsoluteUri.TrimEnd('/') : $"{Url.Scheme}://unix:{SocketPath}";

    /// <summary>A client that asks this machine alone: through no proxy, and whatever name the certificate was made out to.</summary>
    public HttpClient CreateClient(TimeSpan patience)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        if (SocketPath is not null)
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(SocketPath, cancellation);
        return new HttpClient(handler) { BaseAddress = Url, Timeout = patience };
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
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
            return null; // start and check say what is wrong with it
        }

        if (binding.IsUnixPipe)
            return new OwnAddress(new Uri($"{binding.Scheme}://{Localhost}"), binding.UnixPipePath);
        return binding is { IsNamedPipe: false, Port: > 0 } && Uri.TryCreate($"{binding.Scheme}://{HostOf(binding.Host)}:{binding.Port}", UriKind.Absolute, out var url)
            ? new OwnAddress(url, null)
            : null;
    }

    /// <summary>Kestrel takes every host that is no address for "all of this machine's addresses".</summary>
    private static string HostOf(string host) =>
        !IPAddress.TryParse(host.Trim('[', ']'), out var address) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any) ? Localhost : host;
}
