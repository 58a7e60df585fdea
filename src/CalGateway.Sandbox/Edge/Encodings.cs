using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Sandbox.Edge;

/// <summary>The encoding that Cal.com's edge chooses: Brotli, else gzip, else none; an encoding with q=0 is not used.</summary>
internal static class Encodings
{
    // The edge does not compress smaller bodies.
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
