using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.V1;

/// <summary>Whose key is to be put into which parameter.</summary>
internal sealed record QuerySignature(Signature Key, string Parameter);

/// <summary>
/// Puts the key into the address at the last moment, and takes it off again with the answer: whoever looks at the request before
/// or after, to log or to trace it, finds an address without it.
/// </summary>
internal sealed class QuerySigningHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // What is signed in its header is not signed in its query; asking for its options first would allocate them.
        request.Headers.Authorization is null && request.Options.TryGetValue(CalApiKeyQueryTransform.SignWith, out var signature)
            ? SendSignedAsync(request, signature, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendSignedAsync(HttpRequestMessage request, QuerySignature signature, CancellationToken cancellation)
    {
        var address = request.RequestUri!;
        request.RequestUri = signature.Key.SignQuery(address, signature.Parameter);
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
