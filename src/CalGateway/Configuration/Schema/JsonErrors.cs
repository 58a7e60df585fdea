using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>Explains why a text is not valid JSON, in words that say what to type.</summary>
internal static class JsonErrors
{
    /// <param name="offset">The byte at which the reader failed.</param>
    /// <param name="last">The token before it.</param>
    /// <param name="open">The start of the innermost object or list that is still open; default where none is.</param>
    /// <param name="deepest">Whether the maximum nesting is reached.</param>
    public static string Describe(ReadOnlySpan<byte> utf8, int offset, JsonTokenType last, Place open, bool deepest)
    {
        if (offset >= utf8.Length)
        {
            return open == default
                ? "The text ends before it is complete. Was the file written only in part?"
                : $"The text ends here, but what was opened on line {open.Line}, column {open.Column} is not closed. Was the file written only in part?";
        }

        if (offset > 0 && utf8[offset - 1] == (byte)'\\')
            return "After a backslash come only \\, \", /, b, f, n, r, t or u with four digits; a backslash itself is written \\\\.";

        return (char)utf8[offset] switch
        {
            '{' or '[' when deepest => "Objects and lists are nested more than 32 deep, which no setting is.",
            '\r' or '\n' => "A text must end on the line on which it begins: add the closing quote.",
            '\t' => "A tab inside a text is written \\t. Or is a closing quote missing before it?",
            _ when open == default && IsValue(last) => "Nothing may follow the closing brace.",
            '\'' => "Single quotes are not JSON: use double quotes.",
            ',' => "This comma is one too many, or a value is missing before it.",
            '=' => "A name and its value are separated by a colon.",
            '}' or ']' when last == JsonTokenType.PropertyName => "A value is missing after the colon.",
            '}' or ']' when open != default => $"This does not close what was opened on line {open.Line}, column {open.Column}.",
            _ when last == JsonTokenType.PropertyName && IsWord(utf8[offset]) => "Text must stand in double quotes; true and false are written small.",
            _ when last == JsonTokenType.PropertyName => "After a name come a colon and a value.",
            _ when IsValue(last) => "A comma is missing before this.",
            _ when last == JsonTokenType.StartObject || IsWord(utf8[offset]) => "Names and texts must stand in double quotes.",
            var other => $"The character {Quoted.Text(other.ToString())} cannot stand here.",
        };
    }

    private static bool IsWord(byte character) => char.IsAsciiLetterOrDigit((char)character) || character is (byte)'_' or (byte)'/' or (byte)'-';

    private static bool IsValue(JsonTokenType token) => token is JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.String
        or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;
}
