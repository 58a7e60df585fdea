using System.Buffers;

namespace CalGateway.Explain;

/// <summary>A request as a person describes it, turned into the one that would reach the gateway.</summary>
/// <param name="Path">The path as Kestrel passes it on: decoded except for %2F, without dot segments.</param>
/// <param name="Query">The query with its question mark; empty for none.</param>
/// <param name="Notes">The corrections that were made to the description.</param>
internal sealed record DescribedRequest(string Method, string Path, string Query, IReadOnlyList<string> Notes)
{
    /// <summary>The message for an invalid method. It does not repeat the input, which may contain anything.</summary>
    public const string InvalidMethod = "A method is one word, such as GET or POST.";

    public const string InvalidHeader = "A header is written name: value, such as x-cal-platform-embed: true.";

    public const string InvalidHost = "A host is a name or an address, perhaps with a port, such as cal.example.com or localhost:5080.";

    /// <summary>The request headers in the given order. A name may occur more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private init; } = [];

    public string Host { get; private init; } = "localhost";

    /// <summary>The consumer that asks; null for the first caller that is allowed.</summary>
    public string? Consumer { get; init; }

    private const string Prefix = "/calcom";

    /// <summary>The characters of a method or a header name (<c>tchar</c> in RFC 9110).</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> NotInHost = SearchValues.Create("/?#@ \t\r\n\0");

    /// <summary>Whether a request could have this method, once blanks around it are removed.</summary>
    public static bool IsMethod(string method) => method.AsSpan().Trim(' ') is { IsEmpty: false } token && !token.ContainsAnyExcept(TokenCharacters);

    public static bool IsHeader(string text) => HeaderIn(text) is not null;

    public static bool IsHost(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAny(NotInHost) && Uri.CheckHostName(new HostString(text).Host) != UriHostNameType.Unknown;

    /// <param name="headers">The headers, each as <c>name: value</c>. A <c>Host</c> among them sets the host.</param>
    /// <param name="host">Null or empty to take the host from the headers, else localhost.</param>
    public DescribedRequest With(IEnumerable<string> headers, string? host)
    {
        var parsed = headers.Select(HeaderIn).OfType<KeyValuePair<string, string>>().ToList();
        var named = parsed.Where(header => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).LastOrDefault(IsHost);
        return this with
        {
            Headers = [.. parsed.Where(header => !header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))],
            Host = string.IsNullOrEmpty(host) ? named ?? Host : host,
        };
    }

    private static KeyValuePair<string, string>? HeaderIn(string text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0 || text.AsSpan(0, colon).ContainsAnyExcept(TokenCharacters))
            return null;

        var value = text[(colon + 1)..].Trim(' ', '\t');
        return value.Any(char.IsControl) ? null : new KeyValuePair<string, string>(text[..colon], value);
    }

    public static DescribedRequest From(string method, string target)
    {
        var notes = new List<string>();
        var rest = WithoutHost(target.Trim(), notes);
        var query = rest.IndexOf('?');
        var path = query < 0 ? rest : rest[..query];
        return new DescribedRequest(InCapitals(method.Trim(), notes), Normal(path), query < 0 ? "" : rest[query..], notes);
    }

    /// <summary>As a query of the management listener's <c>/explain</c>, which reads the same request from it.</summary>
    public string ToQuery()
    {
        var path = Path
            .Replace("%", "%25", StringComparison.Ordinal).Replace("%252F", "%2F", StringComparison.OrdinalIgnoreCase)
            .Replace("?", "%3F", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);
        var parts = new List<KeyValuePair<string, string?>> { new("method", Method), new("path", path + Query), new("host", Host), new("consumer", Consumer) };
        parts.AddRange(Headers.Select(header => new KeyValuePair<string, string?>("header", $"{header.Key}: {header.Value}")));
        return "/explain" + QueryString.Create(parts.Where(part => part.Value is not null));
    }

    /// <summary>Puts the gateway's prefix in front of a path that is Cal.com's own. For a path that no route takes as it is.</summary>
    public DescribedRequest BelowPrefix()
    {
        if (IsBelow(Path, Prefix) || IsBelow(Path, "/healthz") || IsBelow(Path, "/_gateway"))
            return this;

        string[] ofCalCom = ["/v2", "/v1", "/api", "/health"];
        var meant = Prefix + (ofCalCom.Any(prefix => IsBelow(Path, prefix)) ? Path : "/v2" + Path);
        return this with { Path = meant, Notes = [.. Notes, $"Taken for {meant}."] };
    }

    /// <summary>Methods are case-sensitive, but people write them in any case.</summary>
    private static string InCapitals(string method, List<string> notes)
    {
        var upper = method.ToUpperInvariant();
        if (upper != method)
            notes.Add($"Methods are in capitals: {upper}.");
        return upper;
    }

    private static string WithoutHost(string target, List<string> notes)
    {
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return target.StartsWith('/') ? WithoutFragment(target) : "/" + WithoutFragment(target);

        var start = target.IndexOf('/', scheme + 3);
        var path = start < 0 ? "/" : WithoutFragment(target[start..]);
        notes.Add($"Only the path counts: {path}.");
        return path;
    }

    private static string WithoutFragment(string target) => target.Split('#')[0];

    private static bool IsBelow(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == prefix.Length || path[prefix.Length] == '/');

    /// <summary>Normalizes a path as Kestrel does: decodes it and removes dot segments.</summary>
    private static string Normal(string path)
    {
        var decoded = Uri.UnescapeDataString(path.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));
        if (!decoded.Contains("/.", StringComparison.Ordinal))
            return decoded;

        var segments = new List<string>();
        var parts = decoded.Split('/');
        foreach (var part in parts.Skip(1))
        {
            if (part == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (part is not ("." or ".."))
                segments.Add(part);
        }

        var ending = parts[^1] is "." or ".." && segments.Count > 0 ? "/" : "";
        return "/" + string.Join('/', segments) + ending;
    }
}
