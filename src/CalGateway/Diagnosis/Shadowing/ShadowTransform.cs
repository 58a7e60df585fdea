using System.Net.Http.Headers;
using CalGateway.Catalogue;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>
/// Selects a share of a route's successful reads for comparison with the other version, and copies their answers on the way. Only routes with a share above
/// zero have this transform. The caller's answer is neither delayed nor changed.
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
        if (!reads.TryReserve(plan, settings.Version, operation, call.Signature))
            return;

        var sample = new ShadowRead(plan, settings.Version, operation, call.Signature, answer.RequestMessage!, context.HttpContext.GetReverseProxyFeature());
        answer.Content = new StreamContent(new ShadowSampleStream(answer.Content, sample, reads));
    }

    /// <summary>Only requests at the pin are compared. Requests with a caller's own token are not repeated.</summary>
    private static bool IsAtPin(GatewayCall call) => call.Version.InPlaceOfPin is null && !call.IsSignedByCaller;

    /// <summary>By the method that was sent, and by the catalogue: some GETs change something.</summary>
    private static bool IsRead(Operation operation, HttpResponseMessage answer) =>
        answer.RequestMessage?.Method == HttpMethod.Get && ShadowedOperations.Has(operation);

    private static bool IsJson(HttpResponse response) =>
        response.Headers.ContentEncoding.Count == 0 && MediaTypeHeaderValue.TryParse(response.ContentType, out var type) && IsJson(type.MediaType);

    public static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
