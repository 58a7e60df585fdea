using System.Text.Json;

namespace CalGateway.Caching.Filling.Answers;

/// <summary>Recognises the complete body of a success of Cal.com's: <c>{"status":"success","data":…}</c>.</summary>
internal static class SuccessBody
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 128 };

    /// <summary>Null where it is no success; else whether the data is an empty list or object.</summary>
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

            // Anything after the object, or missing from it, makes the body no JSON.
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
