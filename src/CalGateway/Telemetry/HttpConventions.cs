namespace CalGateway.Telemetry;

/// <summary>Methods and versions as the HTTP semantic conventions write them. Both are closed sets: callers cannot make metrics grow by inventing methods.</summary>
internal static class HttpConventions
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
