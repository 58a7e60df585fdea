using System.Buffers;

namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// Tells field names from keys that are data: dates, ids, addresses. Such keys are replaced by one name for their kind, so that a path never contains
/// anything of the account.
/// </summary>
internal static class FoldedName
{
    public const string Date = "{date}";
    public const string Number = "{number}";
    public const string Id = "{id}";

    /// <summary>For keys of any other kind, and for objects with too many keys.</summary>
    public const string Key = "{key}";

    private const int MaxNameLength = 48;
    private const int DateLength = 10;

    /// <summary>Field names have at most this many digits.</summary>
    private const int MaxDigits = 3;

    /// <summary>In keys of Cal.com and of the gateway. Such a name looks like a field name, but must never be shown.</summary>
    private static readonly SearchValues<string> Credentials = SearchValues.Create(["cal_live_", "cal_test_", "cgw_"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The replacement for a key that is data; null for a field name.</summary>
    public static string? Of(ReadOnlySpan<char> key)
    {
        if (IsDate(key))
            return Date;

        var (digits, groups, isInGroup, isName) = (0, 0, false, key.Length is > 0 and <= MaxNameLength);
        foreach (var character in key)
        {
            var isDigit = char.IsAsciiDigit(character);
            groups += isDigit && !isInGroup ? 1 : 0;
            isInGroup = isDigit;
            if (isDigit)
                digits++;
            else if (!char.IsAsciiLetter(character) && character is not ('_' or '-' or '$'))
                isName = false;
        }

        if (digits == key.Length && digits > 0)
            return Number;
        if (key.ContainsAny(Credentials))
            return Key;
        if (!isName || char.IsAsciiDigit(key[0]))
            return digits > 0 && isName ? Id : Key;
        return digits > MaxDigits || groups > 1 ? Id : null; // address2 is a name, k3x7 is none
    }

    /// <summary>Whether the name contains a digit. Among keys that are ids, such a name is one of them.</summary>
    public static bool MayBeId(ReadOnlySpan<char> name) => name[0] != '{' && name.IndexOfAnyInRange('0', '9') >= 0;

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
