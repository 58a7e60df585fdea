namespace CalGateway.Catalogue;

internal static class RequestMethod
{
    /// <summary>Those that Cal.com has handlers for.</summary>
    public static readonly IReadOnlyList<string> Known = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>HEAD is answered by the handler for GET; others by their own.</summary>
    public static ReadOnlySpan<char> AnsweredAs(ReadOnlySpan<char> method) =>
        method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) ? "GET" : method;
}
