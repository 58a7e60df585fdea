using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling;

/// <summary>
/// Which headers are stored with an answer: all that are left of it. What belongs to the connection, to the gateway or to one exchange alone is left out when
/// the answer comes; here go those that describe the bytes, or that are written anew for every caller.
/// </summary>
internal static class StoredHeaders
{
    private static readonly FrozenSet<string> WrittenAnew = new[]
    {
        HeaderNames.ContentLength, HeaderNames.ContentEncoding, HeaderNames.TransferEncoding, HeaderNames.Age, HeaderNames.Date, HeaderNames.ETag, HeaderNames.Vary,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static KeyValuePair<string, StringValues>[] Of(Exchange exchange) =>
    [
        .. exchange.Headers.Where(header => !WrittenAnew.Contains(header.Key)),
        new(HeaderNames.Vary, HeaderNames.AcceptEncoding),
    ];
}
