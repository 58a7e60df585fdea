using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary>A Cal.com that answers by the version that it is asked at, as a test has it.</summary>
internal sealed class VersionedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private VersionedUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>What came, in its order.</summary>
    public ConcurrentQueue<Arrived> Requests { get; } = new();

    public int CountAt(string version) => Requests.Count(request => request.Version == version);

    /// <param name="answer">Answers a request at a version.</param>
    public static async Task<VersionedUpstream> StartAsync(Func<HttpContext, string, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new VersionedUpstream(builder.Build());
        upstream._app.Run(async context =>
        {
            var version = context.Request.Headers["cal-api-version"].ToString();
            upstream.Requests.Enqueue(new Arrived(
                context.Request.Method, context.Request.Path.Value! + context.Request.QueryString, version, context.Request.Headers.Authorization.ToString(),
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
            await answer(context, version);
        });
        await upstream._app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    /// <summary>The same JSON for everything at one version, and another for everything at any other.</summary>
    public static Task<VersionedUpstream> StartAsync(string version, string json, string others) =>
        StartAsync((context, asked) => context.SayAsync(asked == version ? json : others));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed record Arrived(string Method, string Target, string Version, string Authorization, IReadOnlyDictionary<string, string> Headers);
}

internal static class VersionedAnswers
{
    public static Task SayAsync(this HttpContext context, string json, int status = StatusCodes.Status200OK, string type = "application/json; charset=utf-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(json);
    }
}
