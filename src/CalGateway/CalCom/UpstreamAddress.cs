using CalGateway.Configuration;
using CalGateway.Journey;

namespace CalGateway.CalCom;

/// <summary>Another Cal.com than the file names: <c>CALCOM_BASE_URL</c>, or the embedded sandbox. A path is kept.</summary>
internal sealed class UpstreamAddress
{
    /// <summary>As the source of an address that is the embedded sandbox's.</summary>
    public const string OfSandbox = "--sandbox";

    private const string Destinations = $"ReverseProxy:Clusters:{CalComCluster.Name}:Destinations";

    private readonly Uri _address;
    private readonly string _source;

    /// <param name="address">Where Cal.com is.</param>
    /// <param name="source">Who says so, as the effective settings tell it.</param>
    public UpstreamAddress(Uri address, string source) => (_address, _source) = (address, source);

    public Uri Address => _address;

    /// <summary>Null where the variable is not set.</summary>
    /// <exception cref="StartupException">It is set, and is no address that requests could be sent to.</exception>
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

    /// <summary>Makes this the one destination of the Cal.com cluster.</summary>
    public void Replace(IDictionary<string, Setting> settings)
    {
        foreach (var other in settings.Keys.Where(other => other.StartsWith(Destinations + ":", StringComparison.OrdinalIgnoreCase)).ToList())
            settings.Remove(other);

        const string key = $"{Destinations}:base-url:Address";
        settings[key] = new Setting(key, _address.AbsoluteUri, _source);
    }
}
