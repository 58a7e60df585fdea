using System.Text.Json;

namespace CalGateway.Caching.Filling;

/// <summary>Whether a body is what Cal.com sends when all went well: <c>{"status":"success","data":…}</c>, complete.</summary>
internal static class AnswerShape
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 128 };

    /// <summary>Null where it is not; else whether the data is an empty list or object.</summary>
    public static bool? IsEmptySuccess(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Strict);
        var succeeded = false;
        bool? isEmpty = null;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isStatus, isData) = (reader.ValueTextEquals("status"u8), reader.ValueTextEquals("data"u8));
                reader.Read();
                if (isStatus)
                    succeeded = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("success"u8);
                if (isData)
                    isEmpty = IsEmpty(reader);
                reader.Skip();
            }

            // To the end: what follows the object, or lacks, makes it no JSON.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && succeeded ? isEmpty : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>On a copy of the reader, which stays where it is.</summary>
    private static bool IsEmpty(Utf8JsonReader data) => data.TokenType switch
    {
        JsonTokenType.StartArray => data.Read() && data.TokenType == JsonTokenType.EndArray,
        JsonTokenType.StartObject => data.Read() && data.TokenType == JsonTokenType.EndObject,
        JsonTokenType.Null => true,
        _ => false,
    };
}
