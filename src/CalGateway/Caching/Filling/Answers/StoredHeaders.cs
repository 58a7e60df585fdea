using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling.Answers;

/// <summary>
/// The headers that are stored with an answer: all except those that describe the bytes, or that are written anew for every caller. Headers of the connection
/// or of one exchange were removed when the answer came.
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
