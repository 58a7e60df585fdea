using System.Text;

namespace CalGateway.Sandbox;

/// <summary>One request as it arrived: the target raw, header names in lower case, one entry for each header value.</summary>
public sealed record RecordedRequest(
    string Method,
    string Target,
    string Path,
    string Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body,
    string Protocol,
    DateTimeOffset ReceivedAt,
    string Connection)
{
    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>Every value of a header, in order; none if it did not come.</summary>
    public IEnumerable<string> Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}
