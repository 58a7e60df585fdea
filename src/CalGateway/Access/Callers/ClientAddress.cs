using System.Net;
using System.Net.Sockets;

namespace CalGateway.Access.Callers;

/// <summary>Where a request comes from. What <c>X-Forwarded-For</c> says is believed as far as our own proxies wrote it.</summary>
internal sealed class ClientAddress
{
    private const string Header = "X-Forwarded-For";
    private const int PrefixOfOneHousehold = 64;

    private readonly IPNetwork[] _proxies;

    /// <param name="proxies">Addresses and networks.</param>
    public ClientAddress(IEnumerable<string> proxies) => _proxies = [.. proxies.Select(NetworkOf)];

    public IPAddress Of(HttpContext context)
    {
        var client = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (_proxies.Length == 0 || !IsProxy(client) || !context.Request.Headers.TryGetValue(Header, out var forwarded))
            return client;

        // Each proxy adds to the right whom it heard from; left of the first stranger anybody may have written anything.
        var names = forwarded.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var index = names.Length - 1; index >= 0 && IsProxy(client); index--)
        {
            if (!TryRead(names[index], out var address))
                break;
            client = address;
        }

        return client;
    }

    /// <summary>An IPv6 household has 2^64 addresses: they count as one.</summary>
    public static IPAddress Household(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[(PrefixOfOneHousehold / 8)..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Whether a name that a proxy gave a client, an address with or without port, is this machine's own.</summary>
    public static bool IsLoopback(string name) => TryRead(name, out var address) && IPAddress.IsLoopback(address);

    private static bool TryRead(string name, out IPAddress address)
    {
        var read = IPEndPoint.TryParse(name, out var endPoint) ? endPoint.Address : null;
        address = Plain(read ?? IPAddress.None);
        return read is not null;
    }

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
