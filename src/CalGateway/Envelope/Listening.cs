using CalGateway.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Envelope;

/// <summary>The addresses at which callers are served, and Kestrel's limits, which refuse a request before any stage sees it.</summary>
internal static class Listening
{
    private const int MaxConnections = 20_000;

    /// <summary>ASP.NET Core's own file of settings. None is shipped.</summary>
    private const string SettingsFile = "appsettings.json";

    /// <summary>The highest limit that the settings can set. The actual limit is applied once the route is known (<c>BodyLimit</c>).</summary>
    private const long MaxBodyBytes = 100 * 1024 * 1024;

    /// <summary>The first choice that has an address, else the default. A blank choice is skipped: ASP.NET Core would use its own port 5000 for it.</summary>
    /// <param name="choices">Each has addresses separated by semicolons.</param>
    public static IReadOnlyList<string> Addresses(params IEnumerable<string?> choices) => choices
        .Append(GatewayOptions.DefaultUrl)
        .Select(choice => (choice ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .First(addresses => addresses.Length > 0);

    /// <summary>The addresses from the host's settings and <c>--urls</c>, in ASP.NET Core's own precedence: endpoints, URLs, ports.</summary>
    /// <param name="passed">Those of <see cref="PassedSockets"/>, which count as endpoints.</param>
    public static IReadOnlyList<string> Served(string? argument, IConfiguration host, IEnumerable<string> passed) =>
        EndpointsOf(host).Concat(passed).Distinct().ToList() is { Count: > 0 } endpoints ? endpoints : Addresses(argument, host["URLS"], Ports(host));

    /// <summary>What Kestrel is told besides endpoints: where there are any, not the default, of which it would warn that it is overridden.</summary>
    public static IReadOnlyList<string> BesideEndpoints(string? argument, IConfiguration host) =>
        Addresses(argument, host["URLS"], Ports(host)) is var addresses && addresses is [GatewayOptions.DefaultUrl] && EndpointsOf(host).Any() ? [] : addresses;

    /// <summary>HTTP_PORTS and HTTPS_PORTS as addresses. As in ASP.NET Core, a port is served on all interfaces.</summary>
    public static string Ports(IConfiguration host) => string.Join(';', [.. Ports(host["HTTP_PORTS"], "http"), .. Ports(host["HTTPS_PORTS"], "https")]);

    /// <summary>
    /// The host's settings as ASP.NET Core reads them: from the environment, where the last prefix wins, and from a file beside the program, which only names
    /// without a prefix override.
    /// </summary>
    public static IConfiguration HostSettings(IReadOnlyDictionary<string, string?> environment)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Add("ASPNETCORE_");
        Add("DOTNET_");
        var file = Path.Combine(AppContext.BaseDirectory, SettingsFile);
        if (File.Exists(file))
        {
            foreach (var (name, value) in Read(file).AsEnumerable().Where(setting => setting.Value is not null))
                settings[name] = value;
        }

        Add("");
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

        void Add(string prefix)
        {
            foreach (var (name, value) in environment)
            {
                if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    settings[name[prefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
            }
        }
    }

    /// <summary>Empty where it cannot be read, of which the host tells when it starts.</summary>
    private static IConfigurationRoot Read(string file) => new ConfigurationBuilder().AddJsonFile(source =>
    {
        source.Path = file;
        source.OnLoadException = static context => context.Ignore = true;
        source.ResolveFileProvider();
    }).Build();

    private static IEnumerable<string> Ports(string? ports, string scheme) =>
        (ports ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(port => $"{scheme}://*:{port}");

    /// <summary>Kestrel's own endpoints, which replace the URLs where the host's settings have any.</summary>
    private static IEnumerable<string> EndpointsOf(IConfiguration host) =>
        host.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();

    public static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
