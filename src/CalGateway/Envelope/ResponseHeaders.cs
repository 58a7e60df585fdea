using CalGateway.Access;
using CalGateway.CalCom.Headers;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Envelope;

/// <summary>Writes the gateway's own headers just before the response starts, so that a stored answer never contains those of another request.</summary>
internal static class ResponseHeaders
{
    public static void Write(HttpContext context, GatewayCall call)
    {
        var headers = context.Response.Headers;
        headers[GatewayHeaders.RequestId] = call.TraceId;
        call.AtStart.Part<AccessPlan>()!.Cors.WriteTo(headers, context.Request.Headers);
        headers[GatewayHeaders.Revision] = call.Plan is { } plan ? plan.Revision : call.AtStart.Id;

        // Compression changes the bytes that a strong ETag stands for, so it becomes weak (RFC 9110, section 8.8.3). Stored answers have an ETag for each encoding.
        if (headers.ContentEncoding.Count > 0 && call.Cache is CacheResult.None or CacheResult.Bypass && headers.ETag is [['"', ..] strong])
            headers.ETag = "W/" + strong;

        if (call.SentApiVersion is { } sent)
            headers[GatewayHeaders.ApiVersion] = call.Plan is { ApiVersion: [{ } pinned] } own && pinned == sent ? own.ApiVersion : sent;
        if (call.Plan is { TakesCallersVersion: true })
            headers.Vary = StringValues.Concat(headers.Vary, ApiVersionPin.Header); // a cache in front of the gateway must not mix versions
        if (call.IsLegacyShape)
            headers[GatewayHeaders.Shape] = "legacy";
        if (call.UpstreamRequestId is { } id)
            headers[GatewayHeaders.UpstreamRequestId] = id;
        if (call.CacheStatus is { } status)
            headers[GatewayHeaders.CacheStatus] = status;
        if (RetryAfter.IsRequired(context.Response.StatusCode) && headers.RetryAfter.Count == 0)
            headers.RetryAfter = RetryAfter.Text(RetryAfter.DefaultFor(context.Response.StatusCode));
    }
}
