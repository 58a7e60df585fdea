using CalGateway.Caching.Store;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Serving;

/// <summary>Reads <c>If-None-Match</c> (RFC 9110, section 13.1.2) in one pass, because the list may be long.</summary>
internal static class EntityTags
{
    /// <summary>The representation that the caller already has; null if it has none.</summary>
    public static Representation? Match(StringValues ifNoneMatch, Representations body, Representation picked)
    {
        foreach (var line in ifNoneMatch)
        {
            var rest = line.AsSpan().Trim();
            if (rest.SequenceEqual("*"))
                return picked;

            while (NextTag(ref rest) is { IsEmpty: false } tag)
            {
                if (Has(body.Plain, tag))
                    return body.Plain;
                if (Has(body.Brotli, tag))
                    return body.Brotli;
                if (Has(body.Gzip, tag))
                    return body.Gzip;
            }
        }

        return null;
    }

    /// <summary>The next tag with its quotes, without W/ because the comparison is weak. Empty at the end, or if the header is malformed.</summary>
    private static ReadOnlySpan<char> NextTag(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(" \t,");
        if (rest.StartsWith("W/", StringComparison.Ordinal))
            rest = rest[2..];
        if (rest.IsEmpty || rest[0] != '"' || rest[1..].IndexOf('"') is not (>= 0 and var length))
            return default;

        var tag = rest[..(length + 2)];
        rest = rest[(length + 2)..];
        return tag;
    }

    private static bool Has(Representation? representation, ReadOnlySpan<char> tag) =>
        representation is not null && tag.SequenceEqual(representation.EntityTag);
}
