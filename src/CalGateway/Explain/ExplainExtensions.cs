namespace CalGateway.Explain;

/// <summary>What would become of a request, without sending it.</summary>
internal static class ExplainExtensions
{
    public static IServiceCollection AddExplain(this IServiceCollection services) => services.AddSingleton<OtherRoutes>().AddSingleton<Explainer>();
}
