namespace CalGateway.Rehearsal;

/// <summary>What callers of a route would see at another version, before that version is in force.</summary>
internal static class RehearsalExtensions
{
    public static IServiceCollection AddRehearsal(this IServiceCollection services) => services.AddSingleton<Rehearsals>();
}
