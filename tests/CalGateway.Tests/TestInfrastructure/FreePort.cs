using System.Net;
using System.Net.Sockets;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>For what has to be told its port before it listens.</summary>
internal static class FreePort
{
    /// <summary>A port of this machine's at which nothing listens, and nothing will for a moment.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
