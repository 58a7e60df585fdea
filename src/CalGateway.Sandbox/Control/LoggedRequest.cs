namespace CalGateway.Sandbox.Control;

/// <summary>A recorded request as the control surface shows it.</summary>
internal sealed record LoggedRequest(
    string Method, string Target, string Path, string Query, IEnumerable<string[]> Headers, string Body, string Protocol, DateTimeOffset ReceivedAt)
{
    public static LoggedRequest Of(RecordedRequest request) => new(
        request.Method,
        request.Target,
        request.Path,
        request.Query,
        request.Headers.Select(header => new[] { header.Key, header.Value }),
        request.BodyText,
        request.Protocol,
        request.ReceivedAt);
}
