using CalGateway.Catalogue;
using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>Reads RFC 9745's <c>Deprecation</c> and RFC 8594's <c>Sunset</c>. Both headers are also passed on to the caller.</summary>
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
                watch.Record(plan, VersionOf(context), notice);
        }
        else if (watch.IsUsed && answer.IsSuccessStatusCode)
        {
            plan.Part<Announcements>()!.End(VersionOf(context), NameOf(context));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The version counts because Cal.com ends versions one by one, and callers of one route may use several.</summary>
    private static string VersionOf(ResponseTransformContext context) =>
        GatewayCall.Of(context.HttpContext) is { Plan.ApiVersion.Count: > 0, SentApiVersion: { } sent } ? sent : "";

    /// <summary>The operation's template. The path itself contains ids of the account and has unlimited values.</summary>
    private static string NameOf(ResponseTransformContext context)
    {
        if (ApiV1Calls.Owns(UpstreamPath.Of(context)))
            return "API v1";
        return GatewayCall.Of(context.HttpContext).Operation?.ToString() ?? "An operation that the catalogue does not know";
    }
}
