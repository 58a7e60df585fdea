namespace CalGateway.Explain;

/// <summary>Explains how a request would be handled, without sending it.</summary>
internal static class ExplainExtensions
{
    public static IServiceCollection AddExplain(this IServiceCollection services) => services.AddSingleton<OtherRoutes>().AddSingleton<ExpectedAnswer>().AddSingleton<Explainer>();
}
