using System.Buffers;
using System.Text;

namespace CalGateway.Access.Operations;

/// <summary>
/// The canonical form of a path: the same for all paths that Cal.com treats alike. Kestrel has already decoded percent-encodings once and resolved dot
/// segments, and its result is what is forwarded. The catalogue ignores case and one trailing slash. Allocates nothing for a path that is canonical.
/// </summary>
internal static class CanonicalPath
{
    private const string FormerPrefix = "/api";
    private const string FormerFolder = "/v2/ee";

    private static readonly SearchValues<string> Misspelled = SearchValues.Create(["reccuring"], StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The characters that Cal.com's paths may have. Left out on purpose: the percent sign, which remains of a double or invalid encoding, and of an encoded
    /// slash; the semicolon, after which some servers ignore the rest; the backslash, which some servers take for a slash; blanks and control characters.
    /// </summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@+,:!$&'()*=");

    /// <summary>False for a path that servers might read in different ways: it is refused.</summary>
    /// <param name="path">The path that is forwarded, before it is encoded again.</param>
    public static bool TryFold(ReadOnlySpan<char> path, out ReadOnlySpan<char> canonical)
    {
        canonical = path;
        if (path is not ['/', ..] || path.Contains("//", StringComparison.Ordinal) || HasDotSegment(path) || !IsUnambiguous(path))
            return false;

        canonical = Renamed(path);
        return true;
    }

    /// <summary>True if the path holds letters beyond ASCII. Names in a path may; Cal.com's own words never do.</summary>
    public static bool HasForeignLetters(ReadOnlySpan<char> path) => !Ascii.IsValid(path);

    /// <summary>Why a path can be read in more than one way; the text names the character.</summary>
    public static string FaultOf(ReadOnlySpan<char> path)
    {
        if (path is not ['/', ..])
            return "no slash at its beginning";
        if (path.Contains("//", StringComparison.Ordinal))
            return "an empty segment (\"//\")";
        if (HasDotSegment(path))
            return "a dot segment (\"/.\" or \"/..\")";

        var rest = path;
        for (var odd = rest.IndexOfAnyExcept(Plain); odd >= 0; odd = rest.IndexOfAnyExcept(Plain))
        {
            if (char.IsAscii(rest[odd]) || !IsPartOfWord(rest[odd]))
                return Named(rest[odd]);
            rest = rest[(odd + 1)..];
        }

        var foreign = path.IndexOfAnyExceptInRange('\0', '\u007f');
        return foreign < 0 ? "a character that servers read differently" : $"a letter beyond ASCII ({CodeOf(path[foreign])}), which no path of Cal.com's has here";
    }

    private static string Named(char character) => character switch
    {
        ' ' => "a blank (%20)",
        ';' => "a semicolon (\";\")",
        '\\' => "a backslash (\"\\\", %5C)",
        '%' => "a percent sign that is left after decoding (%25, or a broken encoding)",
        '"' => "a double quote (%22)",
        _ when char.IsControl(character) => $"a control character ({CodeOf(character)})",
        _ when char.IsAscii(character) => $"the character \"{character}\"",
        _ => $"the character {CodeOf(character)}",
    };

    private static string CodeOf(char character) => $"U+{(int)character:X4}";

    private static bool IsUnambiguous(ReadOnlySpan<char> path)
    {
        for (var odd = path.IndexOfAnyExcept(Plain); odd >= 0; odd = path.IndexOfAnyExcept(Plain))
        {
            if (char.IsAscii(path[odd]) || !IsPartOfWord(path[odd]))
                return false;
            path = path[(odd + 1)..];
        }

        return true;
    }

    private static bool IsPartOfWord(char character) =>
        char.IsLetterOrDigit(character) || char.IsSurrogate(character) || character is >= '\u0300' and <= '\u036F';

    /// <summary>Kestrel removes dot segments, but a transform of the route may add one.</summary>
    private static bool HasDotSegment(ReadOnlySpan<char> path) =>
        path.Contains("/.", StringComparison.Ordinal)
        && (path.EndsWith("/.") || path.EndsWith("/..") || path.Contains("/./", StringComparison.Ordinal) || path.Contains("/../", StringComparison.Ordinal));

    /// <summary>Cal.com rewrites former names before it routes: /api/v2, /v2/ee, and a word that was once misspelled.</summary>
    private static ReadOnlySpan<char> Renamed(ReadOnlySpan<char> path)
    {
        while (path.StartsWith(FormerPrefix + "/v2", StringComparison.OrdinalIgnoreCase) || path.StartsWith(FormerPrefix + FormerPrefix, StringComparison.OrdinalIgnoreCase))
            path = path[FormerPrefix.Length..];
        while (path.StartsWith(FormerFolder, StringComparison.OrdinalIgnoreCase))
            path = string.Concat("/v2", path[FormerFolder.Length..]);
        return path.ContainsAny(Misspelled)
            ? path.ToString().Replace("reccuring", "recurring", StringComparison.OrdinalIgnoreCase)
            : path;
    }
}
