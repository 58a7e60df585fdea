using System.Buffers;
using System.Text;

namespace CalGateway.Access.Operations;

/// <summary>
/// The one form of the paths that Cal.com takes for the same. Kestrel has decoded percent-encodings once and resolved dot segments by now,
/// and what it made of them is what is forwarded; case and one trailing slash are the catalogue's to overlook.
/// Allocates nothing for a path that is in its one form already.
/// </summary>
internal static class CanonicalPath
{
    private const string FormerPrefix = "/api";
    private const string FormerFolder = "/v2/ee";

    private static readonly SearchValues<string> Misspelt = SearchValues.Create(["reccuring"], StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What a segment of Cal.com's may hold. Left out on purpose: a percent sign, which is left where an encoding was doubled, overlong or of a slash;
    /// a semicolon, behind which some servers stop reading; a backslash, which some take for a slash; blanks and control characters.
    /// </summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@+,:!$&'()*=");

    /// <summary>False for a path of which servers might think differently: it is refused.</summary>
    /// <param name="path">As it is forwarded, before it is encoded again.</param>
    /// <param name="canonical">For the catalogue.</param>
    public static bool TryFold(ReadOnlySpan<char> path, out ReadOnlySpan<char> canonical)
    {
        canonical = path;
        if (path is not ['/', ..] || path.Contains("//", StringComparison.Ordinal) || HasDotSegment(path) || !IsReadAlike(path))
            return false;

        canonical = Renamed(path);
        return true;
    }

    /// <summary>True if it holds letters beyond ASCII: names may, Cal.com's own words never do.</summary>
    public static bool HasForeignLetters(ReadOnlySpan<char> path) => !Ascii.IsValid(path);

    /// <summary>What keeps a path from being read in one way only, in words that name the character.</summary>
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

    private static bool IsReadAlike(ReadOnlySpan<char> path)
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

    /// <summary>Kestrel leaves none; a transform of a route's might.</summary>
    private static bool HasDotSegment(ReadOnlySpan<char> path) =>
        path.Contains("/.", StringComparison.Ordinal)
        && (path.EndsWith("/.") || path.EndsWith("/..") || path.Contains("/./", StringComparison.Ordinal) || path.Contains("/../", StringComparison.Ordinal));

    /// <summary>Cal.com rewrites its former names before it routes: /api/v2, /v2/ee, and a word that it once misspelt.</summary>
    private static ReadOnlySpan<char> Renamed(ReadOnlySpan<char> path)
    {
        while (path.StartsWith(FormerPrefix + "/v2", StringComparison.OrdinalIgnoreCase) || path.StartsWith(FormerPrefix + FormerPrefix, StringComparison.OrdinalIgnoreCase))
            path = path[FormerPrefix.Length..];
        while (path.StartsWith(FormerFolder, StringComparison.OrdinalIgnoreCase))
            path = string.Concat("/v2", path[FormerFolder.Length..]);
        return path.ContainsAny(Misspelt)
            ? path.ToString().Replace("reccuring", "recurring", StringComparison.OrdinalIgnoreCase)
            : path;
    }
}
