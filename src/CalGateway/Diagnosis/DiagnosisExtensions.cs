using CalGateway.Catalogue;
using CalGateway.Diagnosis.Confirmation;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Explain;

namespace CalGateway.Diagnosis;

/// <summary>What a bad answer means: triage of 404s, problems and the pages that explain them.</summary>
internal static class DiagnosisExtensions
{
    public static IServiceCollection AddDiagnosis(this IServiceCollection services) => services
        .AddSingleton(CalComCatalogue.Default)
        .AddSingleton<NotFoundTriage>()
        .AddSingleton<RouteMissMemory>()
        .AddSingleton<DeprecationWatch>()
        .AddSingleton<LiveConfirmation>()
        .AddHostedService(provider => provider.GetRequiredService<LiveConfirmation>());

    public static void UseRouteTimeouts(this IApplicationBuilder app) => app.UseMiddleware<RouteTimeout>();

    public static void UseForwardingFailures(this IApplicationBuilder app) => app.UseMiddleware<ForwardingFailures>();

    public static void MapProblems(this IEndpointRouteBuilder endpoints)
    {
        ProblemPages.Map(endpoints);
        endpoints.MapFallback("{**path}", NoRoute).WithMetadata(NoRouteMark.Instance);
    }

    private static Task NoRoute(HttpContext context)
    {
        var path = context.Request.Path;
        return GatewayProblem
            .Of(ProblemTypes.NoRoute, $"No route of this gateway matches {path.ToUriComponent()}.", path.StartsWithSegments("/v2")
                ? $"Ask for /calcom{path.ToUriComponent()}. For clients that keep only the host of their base URL, the operator can add routes for /v2: src/docs/clients.md has them under \"Clients that keep only the host\"."
                : "Cal.com's API is below /calcom, as in /calcom/v2/event-types.")
            .WriteToAsync(context);
    }
}
