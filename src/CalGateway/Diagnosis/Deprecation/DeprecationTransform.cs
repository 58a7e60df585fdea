using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>Reads RFC 9745's <c>Deprecation</c> and RFC 8594's <c>Sunset</c>, which pass on to the caller as well.</summary>
internal sealed class DeprecationTransform(DeprecationWatch watch) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var headers = context.HttpContext.Response.Headers;
        if (context.ProxyResponse is null
            || (!headers.TryGetValue(DeprecationNotice.DeprecationHeader, out var deprecation) & !headers.TryGetValue(DeprecationNotice.SunsetHeader, out var sunset)))
        {
            return ValueTask.CompletedTask;
        }

        var operation = $"{context.HttpContext.Request.Method} {UpstreamPath.Of(context)}";
        if (GatewayCall.Of(context.HttpContext).Plan is { } plan && DeprecationNotice.Read(operation, deprecation, sunset) is { } notice)
            watch.Note(plan.RouteId, notice);
        return ValueTask.CompletedTask;
    }
}
