namespace CalGateway.CalCom.V1;

/// <summary>
/// Puts the key into the address at the last moment, and takes it off again with the answer: whoever looks at the request before
/// or after, to log or to trace it, finds an address without it.
/// </summary>
internal sealed class QuerySigningHandler(Credential credential, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // What is signed in its header is not signed in its query; asking for its options first would allocate them.
        request.Headers.Authorization is null && request.Options.TryGetValue(CalApiKeyQueryTransform.SignWith, out var parameter)
            ? SendSignedAsync(request, parameter, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendSignedAsync(HttpRequestMessage request, string parameter, CancellationToken cancellation)
    {
        var address = request.RequestUri!;
        request.RequestUri = credential.SignQuery(address, parameter);
        try
        {
            return await base.SendAsync(request, cancellation);
        }
        finally
        {
            request.RequestUri = address;
        }
    }
}
