using System.Collections.Frozen;
using System.Text;

namespace CalGateway.Caching;

/// <summary>
/// Which requests have the same answer. The path counts as it is written, case included, since Cal.com's ids are
/// case-sensitive; parameters count by name and value, not by their order.
/// </summary>
/// <param name="prefix">What never varies between two requests of one route and revision.</param>
/// <param name="parameters">The query parameters that the answer depends on, in their exact case.</param>
internal sealed class CacheKey(string prefix, IEnumerable<string> parameters)
{
    private const int MaxQueryLength = 2048;
    private const char Undecodable = '\uFFFD';

    private readonly FrozenSet<string> _parameters = parameters.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The key, or null for a request that must not be cached: with a parameter that is not known, a query that is no text
    /// (two of those would be one key), or an absurdly long one.
    /// </summary>
    public string? For(HttpRequest request, string partition)
    {
        if (!request.QueryString.HasValue || request.QueryString.Value!.Length <= 1)
            return $"{prefix} {partition} {request.Path.Value}";

        if (request.QueryString.Value.Length > MaxQueryLength)
            return null;

        var key = new StringBuilder(prefix).Append(' ').Append(partition).Append(' ').Append(request.Path.Value).Append('?');
        foreach (var (name, values) in request.Query.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            if (!_parameters.Contains(name))
                return null;

            foreach (var value in values)
            {
                if (value is null || value.Contains(Undecodable))
                    return null;

                // Escaped, no value can look like the next parameter or like a delimiter of the store's.
                key.Append(name).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
            }
        }

        return key.ToString();
    }
}
