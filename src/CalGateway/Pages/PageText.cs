namespace CalGateway.Pages;

/// <summary>A page that was generated, with the same headers as a <see cref="PageFile"/>.</summary>
internal sealed class PageText(string html) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        PageFile.Protect(httpContext.Response.Headers);
        httpContext.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Content(html, "text/html; charset=utf-8").ExecuteAsync(httpContext);
    }
}
