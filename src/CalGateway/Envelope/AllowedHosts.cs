using CalGateway.Journey;
using CalGateway.Problems;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Envelope;

/// <summary>
/// ASP.NET Core's setting <c>AllowedHosts</c>, which the framework's own filter would apply to everything: a kubelet asks for health with the pod's
/// address as host, which no such list can name.
/// </summary>
internal static class AllowedHosts
{
    private const string Key = "AllowedHosts";
    private const string Any = "*";

    private static readonly PathString Health = "/healthz";

    /// <summary>Has the framework's filter let everything through; it runs before the first stage and cannot be taken out.</summary>
    public static void Replace(IServiceCollection services) => services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = [Any]);

    public static void Use(WebApplication app)
    {
        var hosts = (app.Configuration[Key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(host => new StringSegment(host)).ToList();
        if (hosts.Count == 0 || hosts.Contains(Any))
            return;

        app.Use((context, next) => IsAllowed(context.Request, hosts) ? next(context) : GatewayProblem.Of(
            ProblemTypes.InvalidRequest, "This gateway does not serve the host that the request names.", "Ask for a host that AllowedHosts names.").WriteToAsync(context));
    }

    private static bool IsAllowed(HttpRequest request, List<StringSegment> hosts) =>
        request.Path.StartsWithSegments(Health) || !request.Host.HasValue || HostString.MatchesAny(request.Host.Value, hosts);
}
