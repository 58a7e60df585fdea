using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Envelope;

/// <summary>Where callers are served, and Kestrel's limits: what is refused before there is a request.</summary>
internal static class Listening
{
    private const int MostConnections = 20_000;

    /// <summary>The most that the settings may allow; what they do allow is seen to where a request's route is known.</summary>
    private const long LargestBody = 100 * 1024 * 1024;

    /// <summary>The first choice that names any address; blank ones, of which ASP.NET would make its own port 5000, are none.</summary>
    /// <param name="choices">Addresses, separated by semicolons.</param>
    public static IReadOnlyList<string> Addresses(params IEnumerable<string?> choices) => choices
        .Append(Launch.DefaultUrl)
        .Select(choice => (choice ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .First(addresses => addresses.Length > 0);

    /// <summary>Kestrel's own endpoints, where the host's settings have any, take the place of the URLs.</summary>
    public static IEnumerable<string> EndpointsOf(IConfiguration host) =>
        host.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();

    public static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxConcurrentConnections = MostConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
