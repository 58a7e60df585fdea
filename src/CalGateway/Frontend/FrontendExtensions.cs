namespace CalGateway.Frontend;

/// <summary>An example frontend, served only with the sandbox: a page that calls the gateway as any other page would. It has no special rights.</summary>
internal static class FrontendExtensions
{
    public static IServiceCollection AddFrontend(this IServiceCollection services, bool isServed) =>
        isServed ? services.AddSingleton<PageFiles>() : services;

    /// <summary>Must run before callers are identified: those rules would refuse a browser that follows a link from another site.</summary>
    public static void UseFrontend(this WebApplication app)
    {
        if (app.Services.GetService<PageFiles>() is { } files)
            app.Use((context, next) => files.Find(context.Request) is { } file ? file.ExecuteAsync(context) : next(context));
    }
}
