using System.Globalization;
using CalGateway.Caching.Store;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Serving;

/// <summary>Reads <c>Accept-Encoding</c> (RFC 9110, section 12.5.3) without allocating.</summary>
internal static class AcceptedEncodings
{
    /// <summary>The smallest form of a body that the caller accepts.</summary>
    public static Representation Pick(Representations body, StringValues acceptEncoding)
    {
        if (body.Brotli is not null && Accepts(acceptEncoding, "br"))
            return body.Brotli;
        return body.Gzip is not null && Accepts(acceptEncoding, "gzip") ? body.Gzip : body.Plain;
    }

    private static bool Accepts(StringValues header, string encoding)
    {
        foreach (var line in header)
        {
            var text = line.AsSpan();
            foreach (var range in text.Split(','))
            {
                var item = text[range];
                var semicolon = item.IndexOf(';');
                var name = (semicolon < 0 ? item : item[..semicolon]).Trim();
                if (name.Equals(encoding, StringComparison.OrdinalIgnoreCase) && !(semicolon >= 0 && IsRefused(item[(semicolon + 1)..])))
                    return true;
            }
        }

        return false;
    }

    private static bool IsRefused(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            && quality <= 0;
    }
}
