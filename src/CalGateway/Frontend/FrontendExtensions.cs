namespace CalGateway.Frontend;

/// <summary>
/// A first frontend beside the sandbox: a page that calls the gateway as anybody's would, to be read as an example. It needs no
/// rights, holds no data, and is not there in production.
/// </summary>
internal static class FrontendExtensions
{
    public static IServiceCollection AddFrontend(this IServiceCollection services, bool isServed) =>
        isServed ? services.AddSingleton(PageFiles.Embedded()) : services;

    /// <summary>Before callers are told apart: whoever follows a link to it from another site gets the page, and no more than that.</summary>
    public static void UseFrontend(this WebApplication app)
    {
        if (app.Services.GetService<PageFiles>() is { } files)
            app.Use((context, next) => files.Find(context.Request) is { } file ? file.ExecuteAsync(context) : next(context));
    }
}
