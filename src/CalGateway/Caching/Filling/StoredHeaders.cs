using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling;

/// <summary>
/// Which headers of Cal.com's answer are stored with it: those that speak of the content. What speaks of one exchange
/// (CF-RAY, cf-cache-status) or protects pages in a browser, which a list is not, would be untrue or idle on every hit.
/// </summary>
internal static class StoredHeaders
{
    private static readonly FrozenSet<string> Kept = new[]
    {
        HeaderNames.ContentType, HeaderNames.ContentLanguage, HeaderNames.ContentDisposition, HeaderNames.LastModified, HeaderNames.Link,
        HeaderNames.CacheControl, HeaderNames.XContentTypeOptions, "Deprecation", "Sunset",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static KeyValuePair<string, StringValues>[] Of(Exchange exchange) =>
    [
        .. exchange.Headers.Where(header => Kept.Contains(header.Key)),
        new(HeaderNames.Vary, HeaderNames.AcceptEncoding),
    ];
}
