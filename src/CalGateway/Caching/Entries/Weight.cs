using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Entries;

/// <summary>
/// What an answer takes in memory, so that the bound on all of them is one on the process: the bytes, every string that is its
/// own, and the objects around them by what they were measured to take. <c>WeightTests</c> measures them.
/// </summary>
internal static class Weight
{
    /// <summary>The answer, its places in the tables, the headers of its age, and what remembers one way of asking for it.</summary>
    private const int OfEntry = 900;

    private const int OfRepresentation = 200;
    private const int OfString = 24;
    private const int OfHeader = 24;

    public static long Of(StoredAnswer answer) =>
        OfEntry
        + Of(answer.Body.Plain) + Of(answer.Body.Brotli) + Of(answer.Body.Gzip)
        + (2 * Of(answer.Key)) // one is the key, and one what was asked
        + Of(answer.UpstreamTag)
        + answer.Headers.Sum(header => OfHeader + OfName(header.Key) + Of(header.Value));

    private static long Of(Representation? representation) => representation is null ? 0 : OfRepresentation + representation.ContentLength;

    /// <summary>A name that .NET knows is the process's, and the same in every answer.</summary>
    private static long OfName(string name) => string.IsInterned(name) is null ? Of(name) : 0;

    private static long Of(StringValues values) => values.Sum(Of);

    private static long Of(string? text) => text is null ? 0 : OfString + (2L * text.Length);
}
