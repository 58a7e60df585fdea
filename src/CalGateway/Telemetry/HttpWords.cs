namespace CalGateway.Telemetry;

/// <summary>Parts of a request in the words of the HTTP semantic conventions, of which there are few whatever callers send.</summary>
internal static class HttpWords
{
    private const string OtherMethod = "_OTHER";

    public static string Method(string method) => method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE" or "CONNECT" => method,
        _ => OtherMethod,
    };

    public static string? Version(string protocol) => protocol switch
    {
        _ when HttpProtocol.IsHttp11(protocol) => "1.1",
        _ when HttpProtocol.IsHttp2(protocol) => "2",
        _ when HttpProtocol.IsHttp3(protocol) => "3",
        _ when HttpProtocol.IsHttp10(protocol) => "1.0",
        _ => null,
    };
}
