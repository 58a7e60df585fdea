using System.Globalization;
using System.Net;
using CalGateway.Access;
using CalGateway.Configuration;

namespace CalGateway.Management.Listeners;

/// <summary>Checks that the operators' listeners have addresses of their own: a start would fail with a message that does not name the setting.</summary>
internal static class ListenerRules
{
    private const string Management = $"{GatewayOptions.Section}:Management:Url";
    private const string Metrics = $"{GatewayOptions.Section}:Metrics:Url";

    /// <summary>An error where the setting is neither empty nor an address to listen on.</summary>
    public static IEnumerable<Finding> Readable(string url, string setting, string example)
    {
        if (url.Length == 0 || (Uri.TryCreate(WithoutWildcard(url), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.AbsolutePath == "/"))
            yield break;

        yield return Finding.Error(
            $"{setting} \"{url}\" is not an address to listen on. Write http, host and port, such as {example}, or nothing to switch it off.", $"{GatewayOptions.Section}:{setting}");
    }

    public static IEnumerable<Finding> Examine(ManagementOptions management, MetricsOptions metrics, IReadOnlyList<string> addresses) =>
    [
        .. Conflicts(management.Url, Management, addresses, "callers are served on {0} (--urls)"),
        .. Conflicts(metrics.Url, Metrics, addresses, "callers are served on {0} (--urls)"),
        .. Conflicts(metrics.Url, Metrics, [management.Url], $"{Management} is {{0}}"),
        .. Exposed(management),
    ];

    private static IEnumerable<Finding> Exposed(ManagementOptions options)
    {
        if (options.Url.Length == 0 || options.Token.Length > 0 || !ExposureGuard.IsAddress(options.Url) || ExposureGuard.IsLoopback(options.Url))
            yield break;

        yield return Finding.Warning(
            $"CalGateway:Management:Url is {options.Url}, which other machines can reach, and without a token it answers nothing but health. " +
            "Set CalGateway:Management:Token to the path of a file that holds one, or write http://localhost:5081. " +
            "For a Prometheus on another machine, CalGateway:Metrics:Url serves the metrics alone.",
            Management);
    }

    private static IEnumerable<Finding> Conflicts(string url, string setting, IReadOnlyList<string> addresses, string others)
    {
        if (PlaceOf(url) is not { } own || addresses.FirstOrDefault(address => PlaceOf(address) is { } place && Overlap(own, place)) is not { } shared)
            yield break;

        yield return Finding.Error(
            $"{setting} is {url}, and {string.Format(CultureInfo.InvariantCulture, others, shared)}: each needs an address of its own. " +
            "Choose another port for one of them, or switch this listener off with an empty Url.",
            setting);
    }

    /// <summary>Null for a Unix socket, for port 0, and for what is not an address, which other rules refuse.</summary>
    private static Uri? PlaceOf(string address)
    {
        return Uri.TryCreate(WithoutWildcard(address), UriKind.Absolute, out var place) && place is { AbsolutePath: "/", Port: > 0 } ? place : null;
    }

    private static string WithoutWildcard(string address) =>
        address.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);

    private static bool Overlap(Uri one, Uri other) =>
        one.Port == other.Port && HostsOf(one).Any(host => HostsOf(other).Any(second => Includes(host, second) || Includes(second, host)));

    /// <summary>As Kestrel understands hosts: any name but localhost and those below it means all addresses of this machine.</summary>
    private static IPAddress[] HostsOf(Uri address) => address.Host switch
    {
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        { } below when ExposureGuard.IsBelowLocalhost(below) => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when IPAddress.TryParse(address.DnsSafeHost, out var host) => [host],
        _ => [IPAddress.IPv6Any],
    };

    private static bool Includes(IPAddress one, IPAddress other) =>
        one.Equals(other) || one.Equals(IPAddress.IPv6Any) || (one.Equals(IPAddress.Any) && one.AddressFamily == other.AddressFamily);
}
