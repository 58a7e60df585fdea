namespace CalGateway.CalCom.Connections;

/// <summary>
/// Keeps HttpClient from repeating writes. HttpClient sends a request without a body again if the connection ends before an answer, whatever the method is, but
/// an unsafe request may have been carried out already (RFC 9110, section 9.2.2). An empty body prevents the repetition, and changes nothing else of such a
/// request. From safe requests the empty body that YARP adds is removed, so that they may be repeated, unless the file's transforms set headers of the body.
/// </summary>
internal sealed class SentOnceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Set on requests of routes with transforms that set headers of the body, because HttpClient sends these only with a body, even an empty one.</summary>
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
