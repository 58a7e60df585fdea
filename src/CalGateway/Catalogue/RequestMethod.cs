namespace CalGateway.Catalogue;

internal static class RequestMethod
{
    /// <summary>The methods that Cal.com's operations use.</summary>
    public static readonly IReadOnlyList<string> Known = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>The method whose operation answers: Cal.com answers HEAD as it answers GET.</summary>
    public static ReadOnlySpan<char> AnsweredAs(ReadOnlySpan<char> method) =>
        method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) ? "GET" : method;
}
