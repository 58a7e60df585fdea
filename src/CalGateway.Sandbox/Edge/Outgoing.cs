using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Edge;

/// <summary>An answer on its way out: status, bytes, and the headers that this answer alone has.</summary>
internal sealed record Outgoing(int Status, Payload Payload, string ContentType = "application/json; charset=utf-8")
{
    public List<KeyValuePair<string, StringValues>> Headers { get; init; } = [];

    public static Outgoing Html(int status, string html) => new(status, new Payload(System.Text.Encoding.UTF8.GetBytes(html)), "text/html; charset=utf-8");
}
