using CalGateway.Access.Callers;

namespace CalGateway.Access;

/// <summary>Who may call what, in two stages: before routing, who calls; after routing, what that caller may reach.</summary>
internal static class AccessExtensions
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services.AddHostedService<KeySetWatcher>();

    public static void UseCallers(this WebApplication app) => app.UseMiddleware<CallerMiddleware>();

    public static void UseAccess(this WebApplication app) => app.UseMiddleware<AccessMiddleware>();
}
