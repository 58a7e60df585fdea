using CalGateway.Catalogue;
using CalGateway.Diagnosis.Confirmation;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Diagnosis.Shadowing;

namespace CalGateway.Diagnosis;

/// <summary>Explains failed answers: classifies 404s, and turns failures into problems.</summary>
internal static class DiagnosisExtensions
{
    public static IServiceCollection AddDiagnosis(this IServiceCollection services) => services
        .AddSingleton(CalComCatalogue.Default)
        .AddSingleton<NotFoundTriage>()
        .AddSingleton<RouteMissMemory>()
        .AddSingleton<DeprecationWatch>()
        .AddSingleton<DriftWatch>()
        .AddHostedService(provider => provider.GetRequiredService<DriftWatch>())
        .AddSingleton<ShadowResults>()
        .AddSingleton<ShadowReads>()
        .AddHostedService(provider => provider.GetRequiredService<ShadowReads>())
        .AddSingleton<LiveConfirmation>()
        .AddHostedService(provider => provider.GetRequiredService<LiveConfirmation>());

    public static void UseRouteTimeouts(this IApplicationBuilder app) => app.UseMiddleware<RouteTimeout>();

    public static void UseForwardingFailures(this IApplicationBuilder app) => app.UseMiddleware<ForwardingFailures>();
}
