using System.Net;
using System.Net.Sockets;

namespace CalGateway.Access.Callers;

/// <summary>The address of the client. <c>X-Forwarded-For</c> is believed only as far as the operator's own proxies have written it.</summary>
internal sealed class ClientAddress(IEnumerable<string> proxies)
{
    private const string Header = "X-Forwarded-For";
    private const int PrefixBits = 64;

    private readonly IPNetwork[] _proxies = [.. proxies.Select(NetworkOf)];

    public IPAddress Of(HttpContext context)
    {
        var client = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (_proxies.Length == 0 || !IsProxy(client) || !context.Request.Headers.TryGetValue(Header, out var forwarded))
            return client;

        // Each proxy appends the address that it received the request from. Everything left of the first address that is not a known proxy may be forged.
        var names = forwarded.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var index = names.Length - 1; index >= 0 && IsProxy(client); index--)
        {
            if (Read(names[index]) is not { } address)
                break;
            client = address;
        }

        return client;
    }

    /// <summary>The address for which a limit counts. A customer with IPv6 usually has 2^64 addresses, so they count as one, by their common prefix.</summary>
    public static IPAddress PrefixOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[(PrefixBits / 8)..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Whether an address, with or without port, as a proxy names its client, is a loopback address.</summary>
    public static bool IsLoopback(string name) => Read(name) is { } address && IPAddress.IsLoopback(address);

    private static IPAddress? Read(string name) => IPEndPoint.TryParse(name, out var endPoint) ? Plain(endPoint.Address) : null;

    private bool IsProxy(IPAddress address)
    {
        foreach (var network in _proxies)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork NetworkOf(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        var address = Plain(IPAddress.Parse(text));
        return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }
}
