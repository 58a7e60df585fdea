namespace CalGateway.Rehearsal;

/// <summary>Shows what callers of a route would get at another version, before that version is in force.</summary>
internal static class RehearsalExtensions
{
    public static IServiceCollection AddRehearsal(this IServiceCollection services) => services.AddSingleton<Rehearsals>();
}
