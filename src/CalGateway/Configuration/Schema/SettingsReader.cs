using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>Reads JSON into a tree with locations, and reports what ASP.NET's settings cannot represent, such as the same name twice.</summary>
internal ref struct SettingsReader
{
    private const int MaxDepth = 32;

    private static readonly JsonReaderOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = MaxDepth,
    };

    private readonly FindingList _findings;
    private Utf8JsonReader _json;
    private PlaceCursor _places;
    private Place _open;
    private long _tokenStart;

    private SettingsReader(ReadOnlySpan<byte> utf8, FindingList findings)
    {
        _findings = findings;
        _json = new Utf8JsonReader(utf8, Lenient);
        _places = new PlaceCursor(utf8);
    }

    /// <summary>The tree; null where the text is not valid JSON.</summary>
    public static SettingNode? Read(ReadOnlySpan<byte> utf8, FindingList findings)
    {
        var reader = new SettingsReader(utf8, findings);
        try
        {
            return reader.ReadWhole();
        }
        catch (JsonException failure)
        {
            var offset = OffsetOf(utf8, (int)(failure.LineNumber ?? 0), (int)(failure.BytePositionInLine ?? 0));
            var message = JsonErrors.Describe(utf8, offset, reader.LastToken(offset), reader._open, reader._json.CurrentDepth >= MaxDepth - 1);
            findings.Add(new PlaceCursor(utf8).At(offset), null, () => message);
            return null;
        }
    }

    private SettingNode? ReadWhole()
    {
        _json.Read();
        var root = ReadValue("", "", Here());
        _json.Read(); // reads to the end; throws if anything but comments follows

        if (root.Kind == JsonValueKind.Object)
            return root;

        _findings.Add(root.Place, null, () => "The file must hold one object: { \"ReverseProxy\": …, \"CalGateway\": … }.");
        return null;
    }

    private SettingNode ReadValue(string key, string name, Place namePlace)
    {
        var place = Here();
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new SettingNode(JsonValueKind.Object, key, name, namePlace, place, null);
                ReadMembers(members);
                return members;
            case JsonTokenType.StartArray:
                var list = new SettingNode(JsonValueKind.Array, key, name, namePlace, place, null);
                ReadItems(list);
                return list;
            case JsonTokenType.String:
                return new SettingNode(JsonValueKind.String, key, name, namePlace, place, ReadText(key));
            case JsonTokenType.Number:
                return new SettingNode(JsonValueKind.Number, key, name, namePlace, place, Encoding.UTF8.GetString(_json.ValueSpan));
            case JsonTokenType.True:
                return new SettingNode(JsonValueKind.True, key, name, namePlace, place, "true");
            case JsonTokenType.False:
                return new SettingNode(JsonValueKind.False, key, name, namePlace, place, "false");
            default:
                return new SettingNode(JsonValueKind.Null, key, name, namePlace, place, null);
        }
    }

    private void ReadMembers(SettingNode parent)
    {
        var outer = _open;
        _open = parent.Place;
        var seen = new Dictionary<string, Place>(StringComparer.OrdinalIgnoreCase);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            var place = Here();
            var name = ReadText(parent.Key);
            var key = parent.Key.Length == 0 ? name : $"{parent.Key}:{name}";
            var usable = IsUsable(name, key, place);
            var first = seen.TryAdd(name, place) ? place : seen[name];
            if (first != place)
                _findings.Add(place, key, () => $"{Quoted.Text(name)} is given twice here (the first is on line {first.Line}); remove one.");

            _json.Read();
            var value = ReadValue(key, name, place);
            if (usable && first == place)
                parent.Children.Add(value);
        }

        _open = outer;
    }

    private void ReadItems(SettingNode parent)
    {
        var outer = _open;
        _open = parent.Place;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            var index = parent.Children.Count.ToString(CultureInfo.InvariantCulture);
            parent.Children.Add(ReadValue($"{parent.Key}:{index}", index, Here()));
        }

        _open = outer;
    }

    /// <summary>In ASP.NET's settings a name with a colon would become two levels, and an empty name none.</summary>
    private readonly bool IsUsable(string name, string key, Place place)
    {
        if (name.Length == 0)
            _findings.Add(place, key, () => "A name must not be empty.");
        else if (name.Contains(':'))
            _findings.Add(place, key, () => $"The name {Quoted.Text(name)} must not hold a colon, which separates the levels of a setting. Write one object inside the other.");
        else
            return true;

        return false;
    }

    private string ReadText(string key)
    {
        var text = "";
        try
        {
            text = _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            _findings.Add(Here(), key, () => "This text has one half of a surrogate pair (\\uD800 to \\uDFFF); write the character itself.");
        }

        if (text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f'))
            _findings.Add(Here(), key, () => "This text holds a control character (a tab, a line break or the like), which no setting has; remove it.");
        return text;
    }

    private Place Here()
    {
        _tokenStart = _json.TokenStartIndex;
        return _places.At((int)_tokenStart);
    }

    /// <summary>The token before the error. A text that starts after the last token that was read here is a name without a colon.</summary>
    private readonly JsonTokenType LastToken(int error) =>
        _json.TokenType == JsonTokenType.String && _json.TokenStartIndex > _tokenStart && _json.TokenStartIndex < error
            ? JsonTokenType.PropertyName
            : _json.TokenType;

    private static int OffsetOf(ReadOnlySpan<byte> utf8, int line, int byteInLine)
    {
        var start = 0;
        for (; line > 0; line--)
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        return Math.Min(start + byteInLine, utf8.Length);
    }
}
