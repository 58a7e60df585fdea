using System.Buffers;

namespace CalGateway.Explain;

/// <summary>A request as somebody describes it, made into the one that would arrive.</summary>
/// <param name="Path">As the server hands it on: decoded but for %2F, without dot segments.</param>
/// <param name="Query">With its question mark; empty for none.</param>
/// <param name="Notes">What was put right about the description.</param>
internal sealed record Asked(string Method, string Path, string Query, IReadOnlyList<string> Notes)
{
    /// <summary>For whoever gives a header that is none; it is not repeated either.</summary>
    public const string NoHeader = "A header is written name: value, such as x-cal-platform-embed: true.";

    /// <summary>For whoever gives a host that is none.</summary>
    public const string NoHost = "A host is a name or an address, perhaps with a port, such as cal.example.com or localhost:5080.";

    /// <summary>The caller's, in the order in which they were given; one name may stand there more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>By which name the gateway is asked.</summary>
    public string Host { get; private init; } = "localhost";

    /// <summary>For whoever asks with a method that is none; it is not repeated, for it may hold anything.</summary>
    public const string NoMethod = "A method is one word, such as GET or POST.";

    private const string Prefix = "/calcom";

    /// <summary>RFC 9110's <c>tchar</c>: a server takes no other for a method.</summary>
    private static readonly SearchValues<char> TokenLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> NotOfAHost = SearchValues.Create("/?#@ \t\r\n\0");

    /// <summary>Whether a request could arrive with it, once blanks around it are gone. What is no method is not to be asked about.</summary>
    public static bool IsMethod(string method) => method.AsSpan().Trim(' ') is { IsEmpty: false } token && !token.ContainsAnyExcept(TokenLetters);

    /// <summary>Whether a request could arrive with it.</summary>
    public static bool IsHeader(string text) => HeaderIn(text) is not null;

    public static bool IsHost(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAny(NotOfAHost) && Uri.CheckHostName(new HostString(text).Host) != UriHostNameType.Unknown;

    /// <param name="headers">Each as <c>name: value</c>; a <c>Host</c> among them is the host.</param>
    /// <param name="host">Null or empty for this machine's own name.</param>
    public Asked With(IEnumerable<string> headers, string? host)
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
        if (colon <= 0 || text.AsSpan(0, colon).ContainsAnyExcept(TokenLetters))
            return null;

        var value = text[(colon + 1)..].Trim(' ', '\t');
        return value.Any(char.IsControl) ? null : new KeyValuePair<string, string>(text[..colon], value);
    }

    public static Asked From(string method, string target)
    {
        var notes = new List<string>();
        var rest = WithoutHost(target.Trim(), notes);
        var query = rest.IndexOf('?');
        var path = query < 0 ? rest : rest[..query];
        return new Asked(InCapitals(method.Trim(), notes), Normal(path), query < 0 ? "" : rest[query..], notes);
    }

    /// <summary>Cal.com's own paths are meant below the gateway's prefix, unless a route takes them as they are.</summary>
    public Asked BelowPrefix()
    {
        if (IsBelow(Path, Prefix) || IsBelow(Path, "/healthz") || IsBelow(Path, "/_gateway"))
            return this;

        string[] ofCalCom = ["/v2", "/v1", "/api", "/health"];
        var meant = Prefix + (ofCalCom.Any(prefix => IsBelow(Path, prefix)) ? Path : "/v2" + Path);
        return this with { Path = meant, Notes = [.. Notes, $"Taken for {meant}."] };
    }

    /// <summary>Methods are case-sensitive, and people are not.</summary>
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

    /// <summary>What the server does to a path before anything else sees it.</summary>
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
