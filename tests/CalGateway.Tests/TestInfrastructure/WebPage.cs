using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A web page on an origin of its own.</summary>
internal sealed class WebPage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebPage(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>The origin of the page, as browsers send it.</summary>
    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    /// <param name="html">Called for each request, so that the page may contain addresses of what is started later.</param>
    public static Task<WebPage> StartAsync(Func<string> html) => StartAsync(app => app.Run(context =>
    {
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(html());
    }));

    /// <param name="answer">Answers each request.</param>
    public static async Task<WebPage> StartAsync(Action<WebApplication> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        answer(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebPage(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
