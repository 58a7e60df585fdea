using System.Text.Json.Nodes;
using CalGateway.Sandbox.Edge;

namespace CalGateway.Sandbox.Serving;

/// <summary>What an operation answers. It may be kept and given again: its bytes are made once.</summary>
internal sealed class Answer(int status, JsonNode json, string contentType = "application/json; charset=utf-8")
{
    private Payload? payload;

    public int Status { get; } = status;

    public JsonNode Json { get; } = json;

    public string ContentType { get; } = contentType;

    public Payload Payload => payload ??= Payload.Of(Json);

    /// <summary>A bare text, which Express labels HTML.</summary>
    public static Answer Text(string text) =>
        new(200, text, "text/html; charset=utf-8") { payload = new Payload(System.Text.Encoding.UTF8.GetBytes(text)) };

    public static Answer Ok(JsonNode? data) => Success(200, data);

    public static Answer Created(JsonNode? data) => Success(201, data);

    public static Answer Success(int status, JsonNode? data) => new(status, new JsonObject { ["status"] = "success", ["data"] = data });

    public static Answer BadRequest(string message) => Refuse(400, message);

    public static Answer Unauthorized(string message) => Refuse(401, message);

    public static Answer Forbidden(string message) => Refuse(403, message);

    public static Answer NotFound(string message) => Refuse(404, message);

    /// <summary>An exception of NestJS made with a text, in the server's envelope.</summary>
    public static Answer Refuse(int status, string message)
    {
        var (code, reason) = status switch
        {
            400 => ("BadRequestException", "Bad Request"),
            401 => ("UnauthorizedException", "Unauthorized"),
            403 => ("ForbiddenException", "Forbidden"),
            404 => ("NotFoundException", "Not Found"),
            409 => ("ConflictException", "Conflict"),
            500 => ("InternalServerErrorException", "Internal Server Error"),
            502 => ("BadGatewayException", "Bad Gateway"),
            503 => ("ServiceUnavailableException", "Service Unavailable"),
            504 => ("GatewayTimeoutException", "Gateway Timeout"),
            _ => ("HttpException", "Http Exception"),
        };
        return Refuse(status, code, message, new JsonObject { ["message"] = message, ["error"] = reason, ["statusCode"] = status });
    }

    /// <summary>The envelope of an error; <see cref="Sign"/> fills in when and where.</summary>
    public static Answer Refuse(int status, string code, string message, JsonNode details) => new(status, new JsonObject
    {
        ["status"] = "error",
        ["timestamp"] = null,
        ["path"] = null,
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["details"] = details },
    });

    /// <summary>Writes time and url into the envelope of an error; other answers have no such fields.</summary>
    public Answer Sign(string url, DateTimeOffset now)
    {
        if (Json is JsonObject envelope && envelope.ContainsKey("timestamp"))
        {
            envelope["timestamp"] = Serving.Json.Time(now);
            envelope["path"] = url;
        }

        return this;
    }
}
