using CalGateway.Caching.Entries;
using CalGateway.Caching.Evicting;
using CalGateway.Caching.Filling;
using CalGateway.Caching.Serving;
using CalGateway.Caching.Sharing;

namespace CalGateway.Caching;

/// <summary>
/// What need not be asked twice. <see cref="CacheFront"/> and <see cref="CacheStage"/> serve, <see cref="Flights"/> fills and
/// refreshes, <see cref="Evictions"/> evicts; <see cref="AnswerTable"/> is what they share in this process, and
/// <see cref="SharedAnswers"/> what gateways share.
/// </summary>
internal static class CachingExtensions
{
    public static IServiceCollection AddCaching(this IServiceCollection services) => services
        .AddSingleton<AnswerTable>()
        .AddSingleton<Compressor>()
        .AddHostedService(services => services.GetRequiredService<Compressor>())
        .AddSingleton<PreparedAnswers>()
        .AddSingleton<Flights>()
        .AddSingleton<Fetch>()
        .AddSingleton<FailureMemory>()
        .AddSingleton<LateWrites>()
        .AddSingleton<Evictions>()
        .AddHostedService<LateWriteWatch>()
        .AddSingleton<Tallies>()
        .AddSingleton<AnswerCache>()
        .AddSharing();

    private static IServiceCollection AddSharing(this IServiceCollection services) => services
        .AddSingleton<RedisLink>()
        .AddSingleton<RedisGuard>()
        .AddSingleton<SharedTransfers>()
        .AddSingleton<SharedAnswers>()
        .AddSingleton<SharedWrites>()
        .AddHostedService(services => services.GetRequiredService<SharedWrites>())
        .AddHostedService<SharedWatch>();

    public static void UseCacheFront(this WebApplication app) => app.UseMiddleware<CacheFront>();

    public static void UseCaching(this WebApplication app) => app.UseMiddleware<CacheStage>();
}
