using System.Net.Http.Headers;
using CalGateway.Catalogue;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>
/// Picks the share of a route's successful reads that are asked at the other version as well, and takes a sample of their answers on the way. Only routes
/// with a share above zero have it. The caller's answer is not waited for, held back or changed.
/// </summary>
internal sealed class ShadowTransform(ShadowSettings settings, ShadowReads reads) : ResponseTransform
{
    private readonly double _share = settings.Share;

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context is { SuppressResponseBody: false, ProxyResponse: { IsSuccessStatusCode: true } answer } && Random.Shared.NextDouble() < _share)
            Consider(context, GatewayCall.Of(context.HttpContext), answer);
        return ValueTask.CompletedTask;
    }

    private void Consider(ResponseTransformContext context, GatewayCall call, HttpResponseMessage answer)
    {
        if (!IsAtPin(call) || call is not { Plan: { } plan, Operation: { } operation } || !IsRead(operation, answer) || !IsJson(context.HttpContext.Response))
            return;
        if (!reads.TryHold(plan, settings.Version, operation, call.Signature))
            return;

        var sample = new ShadowRead(plan, settings.Version, operation, call.Signature, answer.RequestMessage!, context.HttpContext.GetReverseProxyFeature());
        answer.Content = new StreamContent(new ShadowSampleStream(answer.Content, sample, reads));
    }

    /// <summary>The question is what would change for those who get the pin. With a caller's own token nothing is asked but what the caller asks.</summary>
    private static bool IsAtPin(GatewayCall call) => call.Version.InPlaceOfPin is null && !call.IsSignedByCaller;

    /// <summary>By what was sent; and by the catalogue, for some operations that change something are GETs, too.</summary>
    private static bool IsRead(Operation operation, HttpResponseMessage answer) =>
        answer.RequestMessage?.Method == HttpMethod.Get && ShadowedOperations.Has(operation);

    private static bool IsJson(HttpResponse response) =>
        response.Headers.ContentEncoding.Count == 0 && MediaTypeHeaderValue.TryParse(response.ContentType, out var type) && IsJson(type.MediaType);

    /// <summary>Whether an answer is in JSON by what it says of itself.</summary>
    public static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
