using System.Text.Json;

namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// Reads the structure of an answer in one pass. It is bounded in depth and in paths, and by its caller in bytes: what lies beyond is not looked at,
/// and the answer is marked as read in part.
/// </summary>
internal static class StructureReader
{
    /// <summary>As much of an answer as is looked at.</summary>
    public const int MostBytes = 1024 * 1024;

    public const int MostPaths = 2000;

    /// <summary>Cal.com's own answers are eight deep.</summary>
    public const int MostDepth = 16;

    /// <summary>What some programs put in front of UTF-8.</summary>
    public static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <param name="body">The answer's first bytes, as UTF-8.</param>
    /// <param name="isWhole">False where the answer goes on behind them.</param>
    public static AnswerStructure Read(ReadOnlySpan<byte> body, bool isWhole = true)
    {
        if (body.StartsWith(Mark))
            body = body[Mark.Length..];
        if (body.Length > MostBytes)
        {
            body = body[..MostBytes];
            isWhole = false;
        }

        var reading = new StructureReading(body, isWhole);
        var root = new StructureNode();
        return new AnswerStructure(root, reading.ReadRoot(root));
    }
}

/// <summary>One pass over one answer.</summary>
/// <param name="body">The bytes.</param>
/// <param name="isWhole">False where the answer goes on behind them.</param>
internal ref struct StructureReading(ReadOnlySpan<byte> body, bool isWhole)
{
    private const int LongestKey = 256;

    private Utf8JsonReader _json = new(body, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = body.Length + 1 }));
    private int _paths;
    private bool _isBounded;

    public StructureFault ReadRoot(StructureNode root)
    {
        try
        {
            if (!_json.Read() || _json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return StructureFault.NotJson;

            var isComplete = ReadValue(root, depth: 0) && !(isWhole && _json.Read());
            return isComplete && !_isBounded ? StructureFault.None : StructureFault.Bounded;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // the second for a key that is no UTF-8
        {
            return root.Seen > 0 ? StructureFault.Broken : StructureFault.NotJson;
        }
    }

    /// <summary>False where the bytes end before the value does.</summary>
    private bool ReadValue(StructureNode node, int depth)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                node.See(JsonTypes.Object);
                return depth < StructureReader.MostDepth ? ReadMembers(node, depth) : Skip();
            case JsonTokenType.StartArray:
                node.See(JsonTypes.List);
                return depth < StructureReader.MostDepth ? ReadItems(node, depth) : Skip();
            case JsonTokenType.String:
                node.See(JsonTypes.String);
                node.TakeScalars().AddWord(_json.ValueSpan);
                return true;
            case JsonTokenType.Number:
                node.See(JsonTypes.Number);
                node.TakeScalars().AddOther(_json.ValueSpan);
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                node.See(JsonTypes.Boolean);
                node.TakeScalars().AddOther(_json.ValueSpan);
                return true;
            default:
                node.See(JsonTypes.Null);
                return true;
        }
    }

    private bool ReadMembers(StructureNode node, int depth)
    {
        while (_json.Read())
        {
            if (_json.TokenType == JsonTokenType.EndObject)
            {
                node.EndObject();
                return true;
            }

            var member = TakeMember(node);
            if (!_json.Read() || !(member is null ? Skip() : ReadValue(member, depth + 1)))
                return false;
        }

        return false;
    }

    private bool ReadItems(StructureNode node, int depth)
    {
        while (_json.Read())
        {
            if (_json.TokenType == JsonTokenType.EndArray)
                return true;
            if (!ReadValue(node.NextItem(), depth + 1))
                return false;
        }

        return false;
    }

    /// <summary>Null for a new path beyond as many as are kept.</summary>
    private StructureNode? TakeMember(StructureNode node)
    {
        Span<char> buffer = stackalloc char[LongestKey];
        if (_json.ValueSpan.Length > LongestKey)
            return Member(node, FoldedName.Key);

        var name = buffer[.._json.CopyString(buffer)];
        if (node.IsMap)
            return Member(node, FoldedName.Key);
        return node.FindMember(name) ?? Member(node, FoldedName.Of(name) ?? (node.HasIds && FoldedName.MayBeId(name) ? FoldedName.Id : name.ToString()));
    }

    private StructureNode? Member(StructureNode node, string name)
    {
        if (node.FindMember(name) is { } known)
            return known;
        if (++_paths <= StructureReader.MostPaths)
            return node.AddMember(name);

        _isBounded = true;
        node.LeaveOut();
        return null;
    }

    private bool Skip()
    {
        _isBounded |= _json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        return _json.TrySkip();
    }
}
