namespace CalGateway.CalCom.Connections;

/// <summary>
/// HttpClient sends a request that has no body again when the connection ends before an answer, whatever its method. What is not safe may have been
/// carried out (RFC 9110, section 9.2.2): an empty body, which such a request is sent with anyway, keeps HttpClient from it. What is safe loses an
/// empty body, which YARP gives it to hold a Content-Type of nothing, and may be sent again.
/// </summary>
internal sealed class SentOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsSafe(request.Method))
            request.Content = request.Content is { Headers.ContentLength: 0 } ? null : request.Content;
        else
            request.Content ??= new ByteArrayContent([]);
        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsSafe(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options;
}
