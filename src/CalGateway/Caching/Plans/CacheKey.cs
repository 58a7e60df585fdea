using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Decides which requests have the same answer. The path counts as it is written, case included, because Cal.com's ids are case-sensitive; parameters count
/// by name and value, not by order.
/// </summary>
/// <param name="prefix">The same for all requests of a route, and another after every edit of it.</param>
/// <param name="parameters">The query parameters that the answer depends on, in their exact case.</param>
internal sealed class CacheKey(string prefix, IEnumerable<string> parameters)
{
    private const int MaxLength = 2048;
    private const char Undecodable = '\uFFFD';

    private readonly FrozenSet<string> _parameters = parameters.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The key, or null for a request that must not be cached: it has an unknown parameter, a query that cannot be decoded (two different ones would get one
    /// key), or is too long.
    /// </summary>
    public string? For(HttpRequest request, string partition)
    {
        // Escaped, so that neither path nor value can be taken for the next part of the key.
        var path = request.Path.ToUriComponent();
        if (path.Length + (request.QueryString.Value?.Length ?? 0) > MaxLength)
            return null;

        if (ParametersOf(request.QueryString.Value) is not { } parameters)
            return null;

        var key = new StringBuilder(prefix, prefix.Length + partition.Length + path.Length + 2).Append(' ').Append(partition).Append(' ').Append(path);
        var delimiter = '?';
        foreach (var (name, value) in parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            key.Append(delimiter).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            delimiter = '&';
        }

        return key.ToString();
    }

    /// <summary>Not by <see cref="HttpRequest.Query"/>, which takes names that differ in case alone for the same; Cal.com does not.</summary>
    private List<(string Name, string Value)>? ParametersOf(string? query)
    {
        List<(string, string)> parameters = [];
        foreach (var parameter in new QueryStringEnumerable(query))
        {
            var (name, value) = (parameter.DecodeName().ToString(), parameter.DecodeValue().ToString());
            if (!_parameters.Contains(name) || !IsText(parameter.EncodedValue.Span, value))
                return null;
            parameters.Add((name, value));
        }

        return parameters;
    }

    /// <summary>An escape that cannot be decoded stays as it is, and would get the same key as one written with %25.</summary>
    private static bool IsText(ReadOnlySpan<char> encoded, string decoded) =>
        !decoded.Contains(Undecodable) && decoded.AsSpan().Count('%') == encoded.Count("%25");

    /// <summary>Whether a key was made with this prefix.</summary>
    public bool IsOf(string key) => key.Length > prefix.Length && key[prefix.Length] == ' ' && key.StartsWith(prefix, StringComparison.Ordinal);
}
