using System.Collections.Frozen;
using System.Text;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Which requests have the same answer. The path counts as it is written, case included, since Cal.com's ids are
/// case-sensitive; parameters count by name and value, not by their order.
/// </summary>
/// <param name="prefix">What never varies between two requests of one route, and varies with every edit of it.</param>
/// <param name="parameters">The query parameters that the answer depends on, in their exact case.</param>
internal sealed class CacheKey(string prefix, IEnumerable<string> parameters)
{
    private const int MaxLength = 2048;
    private const char Undecodable = '\uFFFD';

    private readonly FrozenSet<string> _parameters = parameters.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The key, or null for a request that must not be cached: with a parameter that is not known, a query that is no text
    /// (two of those would be one key), or an absurd length.
    /// </summary>
    public string? For(HttpRequest request, string partition)
    {
        // Escaped, neither path nor value can look like the next part.
        var path = request.Path.ToUriComponent();
        if (path.Length + (request.QueryString.Value?.Length ?? 0) > MaxLength)
            return null;

        var key = new StringBuilder(prefix, prefix.Length + partition.Length + path.Length + 2).Append(' ').Append(partition).Append(' ').Append(path);
        var delimiter = '?';
        foreach (var (name, values) in request.Query.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            if (!_parameters.Contains(name))
                return null;

            foreach (var value in values)
            {
                if (value is null || value.Contains(Undecodable))
                    return null;

                key.Append(delimiter).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                delimiter = '&';
            }
        }

        return key.ToString();
    }

    /// <summary>Whether a key is one of these, whatever the request was.</summary>
    public bool IsOf(string key) => key.Length > prefix.Length && key[prefix.Length] == ' ' && key.StartsWith(prefix, StringComparison.Ordinal);
}
