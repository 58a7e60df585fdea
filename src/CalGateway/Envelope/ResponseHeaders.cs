using CalGateway.Access;
using CalGateway.CalCom;
using CalGateway.CalCom.Headers;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Envelope;

/// <summary>The gateway's own headers, written at the last moment, so that no stored answer carries another request's.</summary>
internal static class ResponseHeaders
{
    public static void Write(HttpContext context, GatewayCall call)
    {
        var headers = context.Response.Headers;
        headers[GatewayHeaders.RequestId] = call.TraceId;
        call.AtStart.Part<AccessPlan>()!.Cors.WriteTo(headers, context.Request.Headers);
        headers[GatewayHeaders.Revision] = call.Plan is { } plan ? plan.Revision : call.AtStart.Id;

        // Compressed on its way out it is no longer, octet for octet, what the tag was given for (RFC 9110, section 8.8.3). What is stored has a tag for each encoding.
        if (headers.ContentEncoding.Count > 0 && call.Cache is CacheResult.None or CacheResult.Bypass && headers.ETag is [['"', ..] strong])
            headers.ETag = "W/" + strong;

        if (call.SentApiVersion is { } sent)
            headers[GatewayHeaders.ApiVersion] = call.Plan is { ApiVersion: [{ } pinned] } own && pinned == sent ? own.ApiVersion : sent;
        if (call.Plan is { TakesCallersVersion: true })
            headers.Vary = StringValues.Concat(headers.Vary, ApiVersionPin.Header); // nor may a cache behind us mix versions
        if (call.IsLegacyShape)
            headers[GatewayHeaders.Shape] = "legacy";
        if (call.UpstreamRequestId is { } id)
            headers[GatewayHeaders.UpstreamRequestId] = id;
        if (call.CacheStatus is { } status)
            headers[GatewayHeaders.CacheStatus] = status;
        if (RetryAfter.IsOwed(context.Response.StatusCode) && headers.RetryAfter.Count == 0)
            headers.RetryAfter = RetryAfter.Text(RetryAfter.Usual(context.Response.StatusCode));
    }
}
