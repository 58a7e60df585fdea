using CalGateway.Access.Callers;

namespace CalGateway.Access;

/// <summary>Who may call what, in two steps: who calls, ahead of routing; what that caller may reach, once the route is known.</summary>
internal static class AccessExtensions
{
    public static IServiceCollection AddAccess(this IServiceCollection services, AccessGround ground) => services
        .AddSingleton(ground.Issuers)
        .AddHostedService<KeySetWatcher>();

    public static void UseCallers(this WebApplication app) => app.UseMiddleware<CallerMiddleware>();

    public static void UseAccess(this WebApplication app) => app.UseMiddleware<AccessMiddleware>();
}
