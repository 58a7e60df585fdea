using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CalGateway.Caching.Plans;

/// <summary>Decides which requests have the same answer: paths are compared with their case, as Cal.com's ids are, parameters in any order.</summary>
/// <param name="prefix">The beginning of all keys of a route. An edit of the route changes it.</param>
/// <param name="parameters">The query parameters that the answer depends on, in their exact case.</param>
internal sealed class CacheKey(string prefix, IEnumerable<string> parameters)
{
    private const int MaxLength = 2048;
    private const char Undecodable = '\uFFFD';

    private readonly FrozenSet<string> _parameters = parameters.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// The key, or null for a request that must not be cached: it has an unknown parameter, it is too long, or its query cannot be decoded, so that two
    /// different queries would get the same key.
    /// </summary>
    public string? For(HttpRequest request, string partition)
    {
        // Path and values are escaped, so that none of them can look like another part of the key.
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

    /// <summary>Does not use <see cref="HttpRequest.Query"/>, which ignores the case of names; Cal.com does not.</summary>
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

    /// <summary>An invalid escape stays as it is when decoded, and would get the same key as the text with %25 in its place.</summary>
    private static bool IsText(ReadOnlySpan<char> encoded, string decoded) =>
        !decoded.Contains(Undecodable) && decoded.AsSpan().Count('%') == encoded.Count("%25");

    /// <summary>Whether a key begins with this prefix.</summary>
    public bool IsOf(string key) => key.Length > prefix.Length && key[prefix.Length] == ' ' && key.StartsWith(prefix, StringComparison.Ordinal);
}
