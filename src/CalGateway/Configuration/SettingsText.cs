using System.Text;
using System.Text.Json;

namespace CalGateway.Configuration;

/// <summary>The place of a setting in the file; lines and columns count from 1.</summary>
internal readonly record struct Place(int Line, int Column);

/// <summary>
/// The text of <c>yarp.json</c> as flat settings in ASP.NET's form, each with its place.
/// UTF-8 with or without a byte order mark; comments and trailing commas are accepted, as in ASP.NET's own settings files.
/// </summary>
internal sealed class SettingsText
{
    /// <summary>Far beyond any real file, and small enough to read four times a second.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly JsonReaderOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Place> _places = new(StringComparer.OrdinalIgnoreCase);

    private SettingsText()
    {
    }

    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>The settings of the text, or what keeps it from being read.</summary>
    public static SettingsText? Parse(ReadOnlySpan<byte> utf8, List<Finding> findings)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];

        if (utf8.IsEmpty)
        {
            findings.Add(Finding.Error("The file is empty. Restore it, or start from the yarp.json that ships with CalGateway."));
            return null;
        }

        var text = new SettingsText();
        var reader = new Utf8JsonReader(utf8, Lenient);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                findings.Add(At(utf8, reader.TokenStartIndex, "The file must hold one JSON object: { \"ReverseProxy\": …, \"CalGateway\": … }."));
                return null;
            }

            text.ReadObject(ref reader, utf8, "", findings);
            if (reader.Read())
                findings.Add(At(utf8, reader.TokenStartIndex, "Nothing may follow the closing brace."));
        }
        catch (JsonException failure)
        {
            // The reader's own place is in bytes; ours must match what an editor shows.
            var line = (int)(failure.LineNumber ?? 0);
            findings.Add(new Finding(Severity.Error, $"This is not valid JSON: {Plain(failure)}", null, line + 1,
                ColumnOf(utf8, line, (int)(failure.BytePositionInLine ?? 0))));
            return null;
        }
        catch (InvalidOperationException)
        {
            findings.Add(At(utf8, reader.TokenStartIndex, "This text is not valid UTF-8."));
            return null;
        }

        return text;
    }

    /// <summary>The place of a setting or, where the file does not have it, of the nearest setting above it.</summary>
    public Place PlaceOf(string? key)
    {
        for (var at = key; !string.IsNullOrEmpty(at); at = at.LastIndexOf(':') is > 0 and var cut ? at[..cut] : null)
        {
            if (_places.TryGetValue(at, out var place))
                return place;
        }

        return default;
    }

    private void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, string prefix, List<Finding> findings)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var key = prefix.Length == 0 ? name : $"{prefix}:{name}";
            if (!_places.TryAdd(key, PlaceAt(utf8, reader.TokenStartIndex)))
            {
                findings.Add(At(utf8, reader.TokenStartIndex,
                    $"\"{name}\" is given twice here (the first is on line {_places[key].Line}); remove one."));
            }

            reader.Read();
            ReadValue(ref reader, utf8, key, findings);
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, string key, List<Finding> findings)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, utf8, key, findings);
                break;
            case JsonTokenType.StartArray:
                for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                {
                    var item = $"{key}:{index}";
                    _places[item] = PlaceAt(utf8, reader.TokenStartIndex);
                    ReadValue(ref reader, utf8, item, findings);
                }

                break;
            case JsonTokenType.Null:
                _values[key] = null;
                break;
            case JsonTokenType.True or JsonTokenType.False:
                _values[key] = reader.TokenType == JsonTokenType.True ? "true" : "false";
                break;
            case JsonTokenType.String:
                _values[key] = reader.GetString();
                break;
            default:
                _values[key] = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
        }
    }

    private static Finding At(ReadOnlySpan<byte> utf8, long index, string message)
    {
        var place = PlaceAt(utf8, index);
        return new Finding(Severity.Error, message, null, place.Line, place.Column);
    }

    private static Place PlaceAt(ReadOnlySpan<byte> utf8, long index)
    {
        var before = utf8[..(int)index];
        var start = before.LastIndexOf((byte)'\n') + 1;
        return new Place(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1);
    }

    private static int ColumnOf(ReadOnlySpan<byte> utf8, int line, int byteInLine)
    {
        for (; line > 0; line--)
            utf8 = utf8[(utf8.IndexOf((byte)'\n') + 1)..];
        return Encoding.UTF8.GetCharCount(utf8[..Math.Min(byteInLine, utf8.Length)]) + 1;
    }

    private static string Plain(JsonException failure)
    {
        var end = failure.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end > 0 ? failure.Message[..end] : failure.Message;
    }
}
