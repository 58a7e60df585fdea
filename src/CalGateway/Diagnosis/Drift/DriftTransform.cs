using System.Net;
using CalGateway.Diagnosis.Bodies;
using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Drift;

/// <summary>Copies some of Cal.com's answers for later examination. The answer itself is passed on unchanged.</summary>
internal sealed class DriftTransform(DriftWatch watch, TimeProvider clock) : ResponseTransform
{
    /// <summary>The largest part of an answer that is examined.</summary>
    private const int MaxBytes = 128 * 1024;

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context is not { SuppressResponseBody: false, ProxyResponse: { StatusCode: HttpStatusCode.OK or HttpStatusCode.NotModified } answer })
            return ValueTask.CompletedTask;

        var call = GatewayCall.Of(context.HttpContext);
        return call.Plan?.Part<DiagnosisPlan>()?.Drift is { } drift && call is { Operation: { Method: "GET" } operation, SentApiVersion: { } version, IsLegacyShape: false, IsSignedByCaller: false }
            && drift.ShouldSample(operation, version, clock.GetTimestamp(), clock.TimestampFrequency)
                ? SampleAsync(context.HttpContext, answer, new DriftSubject(
                    call.Plan.RouteId, drift.Setup, operation.ToString(), version, DriftSubject.KindOf(context.HttpContext.Request.QueryString), call.Signature is not null))
                : ValueTask.CompletedTask;
    }

    /// <summary>By the headers that the caller gets: an earlier transform may have replaced the content.</summary>
    private static bool IsPlainRead(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Response.Headers.ContentEncoding.Count == 0
        && context.Response.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    private async ValueTask SampleAsync(HttpContext context, HttpResponseMessage answer, DriftSubject subject)
    {
        var tag = answer.Headers.NonValidated.TryGetValues("ETag", out var tags) ? tags.ToString() : null;
        if (answer.StatusCode == HttpStatusCode.NotModified)
        {
            if (tag is not null)
                watch.Enqueue(new AnswerSample(subject, tag, Bytes: null, IsWhole: true));
            return;
        }

        if (!IsPlainRead(context))
            return;

        var body = await answer.Content.ReadAsStreamAsync();
        answer.Content = new StreamContent(new SampleStream(body, MaxBytes, (bytes, isWhole) => watch.Enqueue(new AnswerSample(subject, tag, bytes, isWhole))));
    }
}
