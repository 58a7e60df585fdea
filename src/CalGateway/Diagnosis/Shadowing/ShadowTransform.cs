using System.Net.Http.Headers;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Bodies;
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
    private static readonly string[] ExcludedEnds = ["/save", "/callback", "/connect", "/auth-url"];

    private readonly double _share = settings.Share;

    public override ValueTask ApplyAsync(ResponseTransformContext context) =>
        context is { SuppressResponseBody: false, ProxyResponse: { IsSuccessStatusCode: true } answer } && Random.Shared.NextDouble() < _share
            ? SampleAsync(context.HttpContext, answer)
            : ValueTask.CompletedTask;

    private async ValueTask SampleAsync(HttpContext context, HttpResponseMessage answer)
    {
        var call = GatewayCall.Of(context);
        if (!IsAtPin(call) || call is not { Plan: { } plan, Operation: { } operation } || !IsRead(operation, answer) || !IsJson(context.Response))
            return;

        var body = await answer.Content.ReadAsStreamAsync();
        if (!reads.TryReserve(plan, settings.Version, operation, call.Signature))
            return;

        var read = new ShadowRead(plan, settings.Version, operation, call.Signature, answer.RequestMessage!, context.GetReverseProxyFeature());
        answer.Content = new StreamContent(new SampleStream(
            body, ShadowRead.MaxBytes,
            take: (bytes, isWhole) =>
            {
                read.Complete(bytes, isWhole);
                reads.Enqueue(read);
            },
            drop: reads.Release));
    }

    /// <summary>Only requests at the pin are compared. Requests with a caller's own token are not repeated.</summary>
    private static bool IsAtPin(GatewayCall call) => call.Version.InPlaceOfPin is null && !call.IsSignedByCaller;

    /// <summary>By the method that was sent, and by the catalogue: some GETs use up a one-time code, begin a login or issue tokens.</summary>
    private static bool IsRead(Operation operation, HttpResponseMessage answer) =>
        answer.RequestMessage?.Method == HttpMethod.Get && operation.Method == "GET" && operation.Risk != Risk.Credential
        && !ExcludedEnds.Any(end => operation.Template.EndsWith(end, StringComparison.Ordinal));

    private static bool IsJson(HttpResponse response) =>
        response.Headers.ContentEncoding.Count == 0 && MediaTypeHeaderValue.TryParse(response.ContentType, out var type) && IsJson(type.MediaType);

    public static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
