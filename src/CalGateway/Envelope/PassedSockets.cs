using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CalGateway.Envelope;

/// <summary>
/// Sockets that systemd has opened for this process (socket activation). They listen before it starts and while it is restarted, so that callers wait
/// instead of being refused, and a port below 1024 needs no right of this process.
/// </summary>
internal static class PassedSockets
{
    private const int FirstDescriptor = 3;

    /// <summary>Their descriptors; none where the variables are for another process.</summary>
    public static IReadOnlyList<int> Descriptors(IReadOnlyDictionary<string, string?> environment) =>
        environment.GetValueOrDefault("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        && byte.TryParse(environment.GetValueOrDefault("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? [.. Enumerable.Range(FirstDescriptor, count)]
            : [];

    /// <summary>The addresses at which they listen.</summary>
    public static IEnumerable<string> Addresses(IReadOnlyDictionary<string, string?> environment) => Descriptors(environment).Select(AddressOf);

    private static string AddressOf(int descriptor)
    {
        try
        {
            return new Socket(new SafeSocketHandle(descriptor, ownsHandle: false)).LocalEndPoint switch // not disposed: Kestrel will use the descriptor
            {
                UnixDomainSocketEndPoint unix => $"http://unix:{unix}",
                IPEndPoint address => $"http://{address}",
                _ => NoSocket(descriptor),
            };
        }
        catch (SocketException)
        {
            return NoSocket(descriptor);
        }
    }

    /// <summary>Refused as no address.</summary>
    private static string NoSocket(int descriptor) => $"descriptor {descriptor} of LISTEN_FDS";
}
