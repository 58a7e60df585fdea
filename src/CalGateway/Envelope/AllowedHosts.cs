using CalGateway.Journey;
using CalGateway.Problems;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Envelope;

/// <summary>
/// Applies ASP.NET Core's setting <c>AllowedHosts</c> to everything but health probes. The framework's own filter would refuse these: a kubelet sends the
/// pod's address as host, which is not known beforehand.
/// </summary>
internal static class AllowedHosts
{
    private const string Key = "AllowedHosts";
    private const string Any = "*";

    private static readonly PathString Health = "/healthz";

    /// <summary>Makes the framework's filter accept every host. It runs before the first stage and cannot be removed.</summary>
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
