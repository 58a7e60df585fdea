namespace CalGateway.CalCom.Connections;

/// <summary>
/// HttpClient sends a request that has no body again when the connection ends before an answer, whatever its method. What is not safe may have been
/// carried out (RFC 9110, section 9.2.2): an empty body, which such a request is sent with anyway, keeps HttpClient from it.
/// </summary>
internal sealed class SentOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && !IsSafe(request.Method))
            request.Content = new ByteArrayContent([]);
        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsSafe(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options;
}
