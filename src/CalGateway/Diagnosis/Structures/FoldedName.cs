namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// Tells the names of Cal.com's fields from keys that are data: dates, ids, addresses. Such keys are folded into one name that says what they are,
/// so that a path names a place in an answer and never anything of the account's.
/// </summary>
internal static class FoldedName
{
    public const string Date = "{date}";
    public const string Number = "{number}";
    public const string Id = "{id}";

    /// <summary>For keys of any other kind, and for objects with too many of them.</summary>
    public const string Key = "{key}";

    private const int LongestName = 48;
    private const int DateLength = 10;

    /// <summary>More digits are not met in the name of a field.</summary>
    private const int MostDigits = 3;

    /// <summary>What stands for a key that is data; null for the name of a field.</summary>
    public static string? Of(ReadOnlySpan<char> key)
    {
        if (IsDate(key))
            return Date;

        var (digits, isName) = (0, key.Length is > 0 and <= LongestName);
        foreach (var character in key)
        {
            if (char.IsAsciiDigit(character))
                digits++;
            else if (!char.IsAsciiLetter(character) && character is not ('_' or '-' or '$'))
                isName = false;
        }

        if (digits == key.Length && digits > 0)
            return Number;
        if (!isName || char.IsAsciiDigit(key[0]))
            return digits > 0 && isName ? Id : Key;
        return digits > MostDigits ? Id : null;
    }

    private static bool IsDate(ReadOnlySpan<char> key)
    {
        if (key.Length < DateLength || key[4] != '-' || key[7] != '-')
            return false;

        for (var index = 0; index < DateLength; index++)
        {
            if (index is not (4 or 7) && !char.IsAsciiDigit(key[index]))
                return false;
        }

        return key.Length == DateLength || key[DateLength] == 'T';
    }
}
