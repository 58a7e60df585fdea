using System.Text.Json;
using CalGateway.Catalogue;

namespace CalGateway.Diagnosis.Shape;

/// <summary>Recognises the shape of an answer by its first bytes.</summary>
internal static class Fingerprint
{
    public static SeenShape Read(ReadOnlySpan<byte> start, ShapeMarks marks)
    {
        var json = new Utf8JsonReader(start, isFinalBlock: false, default);
        try
        {
            return EnterData(ref json) ? OfData(ref json, marks) : SeenShape.Unknown;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return SeenShape.Unknown; // not JSON, or a name is not valid UTF-16: not an answer in an older shape
        }
    }

    /// <summary>Moves the reader to the value of <c>data</c>, wherever it is in the envelope.</summary>
    private static bool EnterData(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return false;

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("data"u8))
                return json.Read();
            if (!json.TrySkip())
                return false;
        }

        return false;
    }

    private static SeenShape OfData(ref Utf8JsonReader json, ShapeMarks marks)
    {
        if (json.TokenType == JsonTokenType.StartArray)
        {
            if (marks.ListIsCurrent)
                return SeenShape.Current;
            if (!json.Read())
                return SeenShape.Unknown;
        }

        return json.TokenType == JsonTokenType.StartObject ? OfMembers(ref json, marks) : SeenShape.Unknown;
    }

    private static SeenShape OfMembers(ref Utf8JsonReader json, ShapeMarks marks)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            foreach (var (name, shape) in marks.Members)
            {
                if (json.ValueTextEquals(name))
                    return shape;
            }

            if (!json.TrySkip())
                break;
        }

        return SeenShape.Unknown;
    }
}
