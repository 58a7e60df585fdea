using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Serving;

/// <summary>The body's parser: JSON only, strict (an object or an array), 100 kB at most; anything else counts as empty.</summary>
internal sealed record JsonBody(JsonObject Value, Answer? Refusal)
{
    private const int Limit = 100 * 1024;

    // JavaScript uses the last of a repeated name. Nobody sends that on purpose, so the sandbox refuses it.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonBody Parse(StringValues contentType, byte[] body, long? declaredLength)
    {
        if (body.Length == 0 || !IsJson(contentType))
            return new JsonBody([], null);
        if (body.Length > Limit || declaredLength > Limit)
            return new JsonBody([], TooLarge());

        try
        {
            var json = JsonNode.Parse(body, documentOptions: Strict);
            if (!IsReadable(body))
                return Broken(body);
            if (json is JsonObject value)
                return new JsonBody(value, null);
            if (json is JsonArray)
                return new JsonBody([], null);
        }
        catch (JsonException)
        {
            return Broken(body);
        }

        return Broken(body);
    }

    private static bool IsJson(StringValues contentType) =>
        ((string?)contentType)?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;

    // The parser does not look into strings; one with half a surrogate pair would fail only when it is read.
    private static bool IsReadable(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonBody Broken(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        var excerpt = text.Length > 20 ? text[..20] + "..." : text;
        return new JsonBody([], Answer.BadRequest($"Unexpected token in JSON: {excerpt.ReplaceLineEndings(" ")} is not valid JSON"));
    }

    // Not an exception of NestJS, so it comes without the envelope.
    private static Answer TooLarge() => new(413, new JsonObject { ["statusCode"] = 413, ["message"] = "request entity too large" });
}
