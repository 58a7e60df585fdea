using System.Net;
using System.Net.Sockets;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// For what has to be told its port before it listens. The ports are below those that the system gives away by itself, to listeners and to
/// connections alike, and each is given out once.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int Count = 16_000;

    /// <summary>Another process that tests begins somewhere else.</summary>
    private static int _next = Random.Shared.Next(Count);

    /// <summary>A port of this machine's at which nothing listens, and nothing will but the test.</summary>
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
