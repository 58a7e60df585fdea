using System.Globalization;

namespace CalGateway.Access.Browsers;

/// <summary>Whether an <c>Origin</c> is that of a page which this machine serves: http or https, localhost, 127.0.0.1 or [::1], any port.</summary>
internal static class LoopbackOrigin
{
    private static readonly string[] Schemes = ["http://", "https://"];
    private static readonly string[] Hosts = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Compared as browsers write it, letter for letter: whatever is read more generously could be another host to somebody else.</summary>
    public static bool Is(ReadOnlySpan<char> origin) => After(Schemes, origin, out var authority) && After(Hosts, authority, out var port) && IsPort(port);

    private static bool After(string[] beginnings, ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        foreach (var beginning in beginnings)
        {
            if (text.StartsWith(beginning, StringComparison.Ordinal))
            {
                rest = text[beginning.Length..];
                return true;
            }
        }

        rest = default;
        return false;
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0);
}
