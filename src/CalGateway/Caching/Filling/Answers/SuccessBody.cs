using System.Text.Json;

namespace CalGateway.Caching.Filling.Answers;

/// <summary>Recognises a complete success of Cal.com's: <c>{"status":"success","data":…}</c>.</summary>
internal static class SuccessBody
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 128 };

    /// <summary>Whether the data of a success is an empty list or object; null if the body is no success.</summary>
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

            // If anything follows the object or is missing from it, the body is no valid JSON.
            return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && succeeded ? isEmpty : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads ahead on a copy of the reader.</summary>
    private static bool IsEmpty(Utf8JsonReader data) => data.TokenType switch
    {
        JsonTokenType.StartArray => data.Read() && data.TokenType == JsonTokenType.EndArray,
        JsonTokenType.StartObject => data.Read() && data.TokenType == JsonTokenType.EndObject,
        JsonTokenType.Null => true,
        _ => false,
    };
}
