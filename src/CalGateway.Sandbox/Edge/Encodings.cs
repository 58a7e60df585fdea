using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Sandbox.Edge;

/// <summary>Which encoding the edge picks: Brotli, else gzip, else none; what a caller gives q=0 is out.</summary>
internal static class Encodings
{
    // Smaller bodies are not worth compressing, and the edge leaves them alone.
    private const int SmallestCompressed = 50;

    public static string? Pick(StringValues acceptEncoding, int length)
    {
        if (acceptEncoding.Count == 0 || length < SmallestCompressed || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
            return null;

        return Accepts(accepted, "br") ? "br" : Accepts(accepted, "gzip") ? "gzip" : null;
    }

    private static bool Accepts(IList<StringWithQualityHeaderValue> accepted, string encoding)
    {
        foreach (var value in accepted)
        {
            if (value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0)
                return true;
        }

        return false;
    }
}
