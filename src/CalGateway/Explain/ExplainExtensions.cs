namespace CalGateway.Explain;

/// <summary>What would become of a request, without sending it.</summary>
internal static class ExplainExtensions
{
    public static IServiceCollection AddExplain(this IServiceCollection services) => services.AddSingleton<EndpointMatch>().AddSingleton<Explainer>();

    /// <summary>Called when every endpoint is mapped.</summary>
    public static void UseExplain(this WebApplication app) =>
        app.Services.GetRequiredService<EndpointMatch>().Over(((IEndpointRouteBuilder)app).DataSources);
}
