using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Envelope;

/// <summary>Kestrel's limits: what is refused before there is a request.</summary>
internal static class Listening
{
    public static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
    }
}
