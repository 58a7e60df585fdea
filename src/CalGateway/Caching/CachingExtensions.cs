namespace CalGateway.Caching;

/// <summary>What need not be asked twice: ASP.NET Core's output caching, with one policy a route of our own making.</summary>
internal static class CachingExtensions
{
    /// <summary>Longer answers are passed through and not stored.</summary>
    private const long MaxBodyBytes = 4 * 1024 * 1024;

    private const long MaxTotalBytes = 64 * 1024 * 1024;

    public static IServiceCollection AddCaching(this IServiceCollection services) => services.AddOutputCache(options =>
    {
        options.UseCaseSensitivePaths = true;
        options.MaximumBodySize = MaxBodyBytes;
        options.SizeLimit = MaxTotalBytes;
    });

    public static void UseCaching(this WebApplication app) => app.UseOutputCache();
}
