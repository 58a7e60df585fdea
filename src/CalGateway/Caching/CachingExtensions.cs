using CalGateway.Caching.Filling;
using CalGateway.Caching.Serving;
using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.Diagnosis.Drift;

namespace CalGateway.Caching;

/// <summary>
/// Stored answers. <see cref="Serving"/> answers requests, <see cref="Filling"/> fetches and refreshes, <see cref="Store"/> holds the answers of this process and
/// of the gateways that share a Redis. Serving knows Filling and Store; Filling knows Store.
/// </summary>
internal static class CachingExtensions
{
    public static IServiceCollection AddCaching(this IServiceCollection services) => services
        .AddSingleton<AnswerCache>()
        .AddServing()
        .AddStore()
        .AddSharing()
        .AddFilling(); // last, because services stop in reverse order: the answers of the last fills are still shared

    /// <summary>The stage before routing.</summary>
    public static void UseCacheFront(this WebApplication app) => app.UseMiddleware<CacheFront>();

    /// <summary>The stage after routing and access.</summary>
    public static void UseCaching(this WebApplication app) => app.UseMiddleware<CacheStage>();

    private static IServiceCollection AddServing(this IServiceCollection services) => services
        .AddSingleton<PreparedAnswers>()
        .AddSingleton<WriteWatch>();

    private static IServiceCollection AddFilling(this IServiceCollection services) => services
        .AddSingleton<Fills>()
        .AddSingleton<Fetch>()
        .AddSingleton<FilledAnswers>()
        .AddSingleton<FailureMemory>()
        .AddSingleton<RefreshErrors>()
        .AddHostedService<FillEnd>();

    private static IServiceCollection AddStore(this IServiceCollection services) => services
        .AddSingleton<AnswerTable>()
        .AddSingleton<Compressor>()
        .AddHostedService(services => services.GetRequiredService<Compressor>())
        .AddSingleton<Evictions>()
        .AddSingleton<IStoredAnswers, RouteAnswers>()
        .AddSingleton<LateWrites>()
        .AddHostedService(services => services.GetRequiredService<LateWrites>());

    private static IServiceCollection AddSharing(this IServiceCollection services) => services
        .AddSingleton<RedisConnections>()
        .AddSingleton<RedisHealth>()
        .AddHostedService<RedisMonitor>()
        .AddSingleton<SharedTransfers>()
        .AddSingleton<IQuotaPool, QuotaPool>()
        .AddSingleton<SharedAnswers>()
        .AddSingleton<ISharedStructures, SharedStructures>()
        .AddSingleton<SharedWrites>()
        .AddHostedService(services => services.GetRequiredService<SharedWrites>());
}
