using System.Text.Json;

namespace CalGateway.Diagnosis.Structures;

/// <summary>
/// Reads the structure of an answer in one pass. Depth, paths and bytes are limited; beyond the limits nothing is read, and the answer is marked as read in
/// part.
/// </summary>
/// <param name="body">The first bytes of the answer, as UTF-8.</param>
/// <param name="isWhole">False where the answer is longer.</param>
internal ref struct StructureReader(ReadOnlySpan<byte> body, bool isWhole)
{
    /// <summary>The largest part of an answer that is read.</summary>
    public const int MaxBytes = 1024 * 1024;

    public const int MaxPaths = 2000;

    /// <summary>Cal.com's own answers are eight levels deep.</summary>
    public const int MaxDepth = 16;

    private const int MaxKeyLength = 256;

    private Utf8JsonReader _json = new(body, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = body.Length + 1 }));
    private int _paths;
    private bool _isBounded;

    /// <summary>The byte order mark, which some programs write before UTF-8.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <inheritdoc cref="StructureReader"/>
    public static AnswerStructure Read(ReadOnlySpan<byte> body, bool isWhole = true)
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        if (body.Length > MaxBytes)
        {
            body = body[..MaxBytes];
            isWhole = false;
        }

        var root = new StructureNode();
        return new AnswerStructure(root, new StructureReader(body, isWhole).ReadRoot(root));
    }

    private StructureFault ReadRoot(StructureNode root)
    {
        try
        {
            if (!_json.Read() || _json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return StructureFault.NotJson;

            var isComplete = ReadValue(root, depth: 0) && !(isWhole && _json.Read());
            return isComplete && !_isBounded ? StructureFault.None : StructureFault.Bounded;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // InvalidOperationException: a key that is not UTF-8
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
                node.Record(JsonTypes.Object);
                return depth < MaxDepth ? ReadMembers(node, depth) : Skip();
            case JsonTokenType.StartArray:
                node.Record(JsonTypes.List);
                return depth < MaxDepth ? ReadItems(node, depth) : Skip();
            case JsonTokenType.String:
                node.Record(JsonTypes.String);
                node.GetOrAddScalars().AddWord(_json.ValueSpan);
                return true;
            case JsonTokenType.Number:
                node.Record(JsonTypes.Number);
                node.GetOrAddScalars().AddOther(_json.ValueSpan);
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                node.Record(JsonTypes.Boolean);
                node.GetOrAddScalars().AddOther(_json.ValueSpan);
                return true;
            default:
                node.Record(JsonTypes.Null);
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

            var member = GetOrAddMember(node);
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

    /// <summary>Null for a new path beyond the limit.</summary>
    private StructureNode? GetOrAddMember(StructureNode node)
    {
        Span<char> buffer = stackalloc char[MaxKeyLength];
        if (_json.ValueSpan.Length > MaxKeyLength)
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
        if (++_paths <= MaxPaths)
            return node.AddMember(name);

        _isBounded = true;
        node.MarkPartial();
        return null;
    }

    private bool Skip()
    {
        _isBounded |= _json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        return _json.TrySkip();
    }
}

/// <summary>Why an answer was not read completely.</summary>
internal enum StructureFault
{
    None,

    /// <summary>It is larger or deeper than the limits. The part that was read counts.</summary>
    Bounded,

    /// <summary>It ends, or stops being JSON, in the middle. The part before that counts.</summary>
    Broken,

    /// <summary>It is not a JSON object or list.</summary>
    NotJson,
}

/// <summary>The structure of one JSON answer: its paths and the types of their values, never the values.</summary>
/// <param name="Fault">Why it was not read completely; None where it was.</param>
internal sealed record AnswerStructure(StructureNode Root, StructureFault Fault);
