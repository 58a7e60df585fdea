using System.Net;
using System.Net.Sockets;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// Free ports for programs that must know their port before they listen. They are below the ports that the system assigns by itself, and each is used once.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int Count = 16_000;

    /// <summary>Each test process starts at a different port.</summary>
    private static int _next = Random.Shared.Next(Count);

    /// <summary>A port at which nothing listens, and that no other test gets.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
