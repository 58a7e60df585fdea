using CalGateway.Catalogue;
using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>Reads RFC 9745's <c>Deprecation</c> and RFC 8594's <c>Sunset</c>, which pass on to the caller as well.</summary>
internal sealed class DeprecationTransform(DeprecationWatch watch) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var headers = context.HttpContext.Response.Headers;
        if (context.ProxyResponse is not { } answer || GatewayCall.Of(context.HttpContext).Plan is not { } plan)
            return ValueTask.CompletedTask;

        if (headers.TryGetValue(DeprecationNotice.DeprecationHeader, out var deprecation) | headers.TryGetValue(DeprecationNotice.SunsetHeader, out var sunset))
        {
            if (DeprecationNotice.Read(NameOf(context), deprecation, sunset) is { } notice)
                watch.Note(plan, VersionOf(context), notice);
        }
        else if (watch.IsUsed && answer.IsSuccessStatusCode)
        {
            watch.End(plan, VersionOf(context), NameOf(context));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Cal.com gives up versions one by one, and a route that pins one may be asked at several.</summary>
    private static string VersionOf(ResponseTransformContext context) =>
        GatewayCall.Of(context.HttpContext) is { Plan.ApiVersion.Count: > 0, SentApiVersion: { } sent } ? sent : "";

    /// <summary>The operation and never the path, which names things of the account's and has no end of values.</summary>
    private static string NameOf(ResponseTransformContext context)
    {
        if (ApiV1Calls.Owns(UpstreamPath.Of(context)))
            return "API v1";
        return GatewayCall.Of(context.HttpContext).Operation?.ToString() ?? "An operation that the catalogue does not know";
    }
}
