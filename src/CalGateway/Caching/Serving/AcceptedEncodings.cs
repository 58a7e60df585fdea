using System.Globalization;
using CalGateway.Caching.Store;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Serving;

/// <summary>Reads <c>Accept-Encoding</c> (RFC 9110, section 12.5.3) without allocating.</summary>
internal static class AcceptedEncodings
{
    [Flags]
    private enum Encodings
    {
        None = 0,
        Gzip = 1,
        Brotli = 2,
    }

    /// <summary>The smallest form of a body that the caller accepts.</summary>
    public static Representation Pick(Representations body, StringValues acceptEncoding)
    {
        var accepted = Read(acceptEncoding);
        if (body.Brotli is not null && accepted.HasFlag(Encodings.Brotli))
            return body.Brotli;
        return body.Gzip is not null && accepted.HasFlag(Encodings.Gzip) ? body.Gzip : body.Plain;
    }

    private static Encodings Read(StringValues header)
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
