namespace CalGateway.CalCom.Connections;

/// <summary>
/// HttpClient sends a request that has no body again when the connection ends before an answer, whatever its method. What is not safe may have been
/// carried out (RFC 9110, section 9.2.2): an empty body, which such a request is sent with anyway, keeps HttpClient from it. What is safe loses an
/// empty body, which YARP gives it to hold a Content-Type of nothing, and may be sent again; unless the file itself sets headers of a body.
/// </summary>
internal sealed class SentOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Set on a request whose route has transforms that set headers of a body: only a body, though empty, carries them.</summary>
    public static readonly HttpRequestOptionsKey<bool> KeepsEmptyBody = new("CalGateway.KeepsEmptyBody");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsSafe(request.Method))
            request.Content = request.Content is { Headers.ContentLength: 0 } && !request.Options.TryGetValue(KeepsEmptyBody, out _) ? null : request.Content;
        else
            request.Content ??= new ByteArrayContent([]);
        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsSafe(HttpMethod method) => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options;
}
