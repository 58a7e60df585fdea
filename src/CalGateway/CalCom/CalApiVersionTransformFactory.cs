using CalGateway.CalCom.Credentials;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// <c>{ "CalApiVersion": "2024-06-14" }</c> in a route's transforms: the version that is sent. <c>"Unverified": "true"</c> beside it acknowledges a version that the
/// catalogue does not know; with <c>"Caller": "Known"</c> a caller's own version is sent if Cal.com is known to answer the operation at it.
/// </summary>
internal sealed class CalApiVersionTransformFactory() : RouteTransformFactory(ApiVersionPin.Key)
{
    private const string Replaced = "Replaced";

    private static readonly string[] Callers = [ApiVersionPin.Known, Replaced];

    private static readonly string[] Own = [ApiVersionPin.Key, ApiVersionPin.UnverifiedKey, ApiVersionPin.CallerKey, ShadowSettings.Key, ShadowSettings.PercentKey];

    protected override RequestTransform Create(string value) => new CalApiVersionTransform(value);

    protected override IEnumerable<string> Problems(RouteConfig route, string value, IReadOnlyDictionary<string, string> values)
    {
        if (!ApiVersionPin.IsVersion(value))
            yield return $"CalApiVersion \"{value}\" of route \"{route.RouteId}\" is not a version. Write a date such as \"2024-06-14\".";

        if (!CalComCluster.IsTargetOf(route))
        {
            yield return $"Route \"{route.RouteId}\" has CalApiVersion, which signs requests with the Cal.com credential, but goes to the cluster " +
                $"\"{route.ClusterId}\". The credential is only ever sent to the cluster \"{CalComCluster.Name}\": remove CalApiVersion, or name that cluster.";
        }

        if (route.Transforms!.Count(transform => transform.ContainsKey(ApiVersionPin.Key)) > 1)
            yield return $"Route \"{route.RouteId}\" has CalApiVersion more than once; Cal.com would read the joined value as the oldest version. Keep one.";

        if (values.TryGetValue(ApiVersionPin.UnverifiedKey, out var unverified) && !bool.TryParse(unverified, out _))
            yield return $"Unverified of route \"{route.RouteId}\" must be \"true\" or \"false\".";

        if (values.TryGetValue(ApiVersionPin.CallerKey, out var caller) && !Callers.Contains(caller, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"Caller of route \"{route.RouteId}\" must be \"{ApiVersionPin.Known}\" (a version that the caller sends stands where Cal.com is known to answer the operation at it) " +
                $"or \"{Replaced}\" (the pin always).";
        }

        foreach (var problem in ShadowProblems(route, value, values))
            yield return problem;

        foreach (var other in values.Keys.Where(key => !Own.Contains(key, StringComparer.OrdinalIgnoreCase)))
            yield return $"CalApiVersion of route \"{route.RouteId}\" does not know \"{other}\"; only {string.Join(", ", Own.Skip(1).Select(own => $"\"{own}\""))} may stand beside it.";
    }

    private static IEnumerable<string> ShadowProblems(RouteConfig route, string version, IReadOnlyDictionary<string, string> values)
    {
        var hasPercent = values.TryGetValue(ShadowSettings.PercentKey, out var percent);
        if (hasPercent && ShadowSettings.PercentIn(percent!) is null)
            yield return $"ShadowPercent \"{percent}\" of route \"{route.RouteId}\" is not a share. Write a number from 0 to 100, such as \"5\" or \"0.5\".";

        if (!values.TryGetValue(ShadowSettings.Key, out var shadow))
        {
            if (hasPercent)
                yield return $"Route \"{route.RouteId}\" has ShadowPercent without Shadow, the version that its reads are to be compared with. Add it, or take ShadowPercent out.";
            yield break;
        }

        if (!ApiVersionPin.IsVersion(shadow))
            yield return $"Shadow \"{shadow}\" of route \"{route.RouteId}\" is not a version. Write a date such as \"2024-06-14\".";
        if (shadow == version)
            yield return $"Shadow of route \"{route.RouteId}\" is {version}, which is its pin: there would be nothing to compare. Name another version, or take Shadow out.";
        if (CalCredentialTransformFactory.IsCallers(route))
        {
            yield return $"Route \"{route.RouteId}\" has Shadow and sends the callers' own tokens (CalCredential): with a caller's token Cal.com is asked nothing that the " +
                "caller does not ask. Take Shadow out.";
        }
    }
}
