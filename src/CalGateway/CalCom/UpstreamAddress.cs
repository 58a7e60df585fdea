using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom;

/// <summary>An address of Cal.com that replaces the one in the file: <c>CALCOM_BASE_URL</c>, or the embedded sandbox. Its path is kept.</summary>
internal sealed class UpstreamAddress(Uri address, string source, string? identity = null)
{
    private const string Destinations = $"ReverseProxy:Clusters:{CalComCluster.Name}:Destinations";

    public Uri Address => address;

    /// <summary>Makes this address the only destination of the Cal.com cluster.</summary>
    public SettingsReplacement Replacement { get; } = new(
        Destinations, new Setting($"{Destinations}:base-url:Address", address.AbsoluteUri, source), identity ?? address.AbsoluteUri);

    /// <summary>The sandbox counts as the same upstream whatever its port is, so that the revision does not change with the port.</summary>
    public static UpstreamAddress OfSandbox(Uri address) => new(address, "--sandbox", identity: "--sandbox");

    /// <summary>Null if the variable is not set.</summary>
    /// <exception cref="StartupException">The variable is set to something that requests cannot be sent to.</exception>
    public static UpstreamAddress? From(string? baseUrl)
    {
        if (string.IsNullOrWhiteSpace(baseUrl))
            return null;

        var usable = Uri.TryCreate(baseUrl, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { UserInfo: "", Query: "", Fragment: "" };

        return usable
            ? new UpstreamAddress(address!, "environment variable CALCOM_BASE_URL")
            : throw new StartupException(
                "CALCOM_BASE_URL is not an address of a Cal.com. Write scheme, host and, if need be, a path, " +
                "such as https://api.cal.eu or http://localhost:5555/api; no credentials, query or fragment.");
    }
}
