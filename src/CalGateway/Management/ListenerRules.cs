using System.Net;
using CalGateway.Access;
using CalGateway.Configuration;

namespace CalGateway.Management;

/// <summary>
/// Operators have a listener of their own. On an address where callers are served it could not listen, and the system would only
/// say that something else does.
/// </summary>
internal static class ListenerRules
{
    private const string Key = $"{GatewayOptions.Section}:Management:Url";

    public static IEnumerable<Finding> Examine(ManagementOptions options, IEnumerable<string> addresses) =>
    [
        .. Meeting(options, addresses),
        .. Exposed(options.Url),
    ];

    private static IEnumerable<Finding> Exposed(string url)
    {
        if (url.Length == 0 || !ExposureGuard.IsAddress(url) || ExposureGuard.IsLoopback(url))
            yield break;

        yield return Finding.Warning(
            $"CalGateway:Management:Url is {url}, which other machines can reach: whoever does can read the status and the settings and can empty the cache. " +
            "Write http://localhost:5081, or see to it that a firewall lets nobody but operators in.",
            Key);
    }

    private static IEnumerable<Finding> Meeting(ManagementOptions options, IEnumerable<string> addresses)
    {
        if (PlaceOf(options.Url) is not { } own || addresses.FirstOrDefault(address => PlaceOf(address) is { } place && Meet(own, place)) is not { } shared)
            yield break;

        yield return Finding.Error(
            $"CalGateway:Management:Url is {options.Url}, and callers are served on {shared} (--urls): each needs an address of its own. " +
            "Choose another port for one of them, or switch the management listener off with an empty Url.",
            Key);
    }

    /// <summary>Null for a socket file, for a port that the system chooses, and for what is no address, which others refuse.</summary>
    private static Uri? PlaceOf(string address)
    {
        foreach (var everywhere in new[] { "://*", "://+" })
            address = address.Replace(everywhere, "://[::]", StringComparison.Ordinal);
        return Uri.TryCreate(address, UriKind.Absolute, out var place) && place is { AbsolutePath: "/", Port: > 0 } ? place : null;
    }

    private static bool Meet(Uri one, Uri other) =>
        one.Port == other.Port && HostsOf(one).Any(host => HostsOf(other).Any(second => Cover(host, second) || Cover(second, host)));

    /// <summary>As Kestrel takes them: a name that is not localhost stands for all of this machine's addresses.</summary>
    private static IPAddress[] HostsOf(Uri address) => address.Host switch
    {
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when IPAddress.TryParse(address.DnsSafeHost, out var host) => [host],
        _ => [IPAddress.IPv6Any],
    };

    private static bool Cover(IPAddress one, IPAddress other) =>
        one.Equals(other) || one.Equals(IPAddress.IPv6Any) || (one.Equals(IPAddress.Any) && one.AddressFamily == other.AddressFamily);
}
