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

    /// <summary>What the host's settings and <c>--urls</c> come to, by ASP.NET Core's own precedence: endpoints, URLs, ports.</summary>
    public static IReadOnlyList<string> Served(string? argument, IConfiguration host) =>
        EndpointsOf(host).Distinct().ToList() is { Count: > 0 } endpoints ? endpoints : Addresses(argument, host["URLS"], Ports(host));

    /// <summary>HTTP_PORTS and HTTPS_PORTS as addresses: every one of this machine's, as ASP.NET Core takes them.</summary>
    public static string Ports(IConfiguration host) => string.Join(';', [.. Ports(host["HTTP_PORTS"], "http"), .. Ports(host["HTTPS_PORTS"], "https")]);

    /// <summary>The host's settings as ASP.NET Core reads them from the environment, the last of these prefixes winning.</summary>
    public static IConfiguration HostSettings(IReadOnlyDictionary<string, string?> environment)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var prefix in new[] { "ASPNETCORE_", "DOTNET_", "" })
        {
            foreach (var (name, value) in environment.Where(variable => variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                settings[name[prefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    private static IEnumerable<string> Ports(string? ports, string scheme) =>
        (ports ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"{scheme}://*:{port}");

    /// <summary>Kestrel's own endpoints, where the host's settings have any, take the place of the URLs.</summary>
    private static IEnumerable<string> EndpointsOf(IConfiguration host) =>
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
