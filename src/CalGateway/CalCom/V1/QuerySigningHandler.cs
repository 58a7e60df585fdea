using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.V1;

/// <summary>A key and the query parameter that it is sent in.</summary>
internal sealed record QuerySignature(Signature Key, string Parameter);

/// <summary>
/// Puts the key into the address just before the request is sent, and removes it when the answer comes, so that logs and traces before and after see an address
/// without it.
/// </summary>
internal sealed class QuerySigningHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // A request with Authorization is not signed in the query. Checked first, because reading Options allocates them.
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
