using System.Globalization;

namespace CalGateway.Access.Browsers;

/// <summary>Whether an <c>Origin</c> is that of a page from this machine: http or https, localhost, 127.0.0.1 or [::1], any port.</summary>
internal static class LoopbackOrigin
{
    private static readonly string[] Schemes = ["http://", "https://"];
    private static readonly string[] Hosts = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Accepts exactly what browsers write. A more tolerant comparison could accept a text that is the name of another host elsewhere.</summary>
    public static bool Is(ReadOnlySpan<char> origin) => Follows(Schemes, origin, out var authority) && Follows(Hosts, authority, out var port) && IsPort(port);

    private static bool Follows(string[] prefixes, ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        foreach (var prefix in prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                rest = text[prefix.Length..];
                return true;
            }
        }

        rest = default;
        return false;
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0);
}
