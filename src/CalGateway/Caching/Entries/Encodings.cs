using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Entries;

/// <summary>The encodings beside plain that a caller takes.</summary>
[Flags]
internal enum Encodings
{
    None = 0,
    Gzip = 1,
    Brotli = 2,
}

/// <summary>Reads <c>Accept-Encoding</c> (RFC 9110, section 12.5.3) without allocating.</summary>
internal static class AcceptedEncodings
{
    public static Encodings Of(StringValues header)
    {
        var accepted = Encodings.None;
        foreach (var line in header)
        {
            var text = line.AsSpan();
            foreach (var range in text.Split(','))
                accepted |= Read(text[range]);
        }

        return accepted;
    }

    private static Encodings Read(ReadOnlySpan<char> item)
    {
        var semicolon = item.IndexOf(';');
        var name = (semicolon < 0 ? item : item[..semicolon]).Trim();
        if (semicolon >= 0 && IsRefused(item[(semicolon + 1)..]))
            return Encodings.None;

        if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
            return Encodings.Brotli;
        return name.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? Encodings.Gzip : Encodings.None;
    }

    private static bool IsRefused(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            && quality <= 0;
    }
}
