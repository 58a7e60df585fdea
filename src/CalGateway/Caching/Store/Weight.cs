using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Store;

/// <summary>
/// Estimates the memory of an answer, so that <c>MaxBytes</c> limits the process: the body, the strings that belong to it alone, and the objects around
/// them with their measured size. <c>WeightTests</c> compares the estimate with the heap.
/// </summary>
internal static class Weight
{
    /// <summary>The answer, its places in the tables, and one entry of the front.</summary>
    private const int OfEntry = 900;

    private const int OfRepresentation = 200;
    private const int OfString = 24;
    private const int OfHeader = 24;

    public static long Of(StoredAnswer answer) =>
        OfEntry
        + Of(answer.Body.Plain) + Of(answer.Body.Brotli) + Of(answer.Body.Gzip)
        + (2 * Of(answer.Key)) // the key, and the text of a request that is answered with it
        + Of(answer.UpstreamTag)
        + answer.Headers.Sum(header => OfHeader + OfName(header.Key) + Of(header.Value));

    private static long Of(Representation? representation) => representation is null ? 0 : OfRepresentation + representation.Body.Length;

    /// <summary>Header names that .NET knows are interned: all answers share one string.</summary>
    private static long OfName(string name) => string.IsInterned(name) is null ? Of(name) : 0;

    private static long Of(StringValues values) => values.Sum(Of);

    private static long Of(string? text) => text is null ? 0 : OfString + (2L * text.Length);
}
