using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A page, and what it asked for and complained of since it was opened.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private static readonly string Artefacts =
        Environment.GetEnvironmentVariable("CALGATEWAY_ARTEFACTS") is { Length: > 0 } named ? named : Path.Combine(AppContext.BaseDirectory, "artefacts");

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<IRequest> _requests = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private BrowserPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Request += (_, request) => _requests.Enqueue(request);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Enqueue($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    /// <summary>Everything that the page asked for, itself included.</summary>
    public IReadOnlyList<IRequest> Requests => [.. _requests];

    /// <summary>What stands in the console in red: uncaught errors, what the content policy forbade, failed requests.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    internal static async Task<BrowserPage> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    public Task GoToAsync(Uri address) => Page.GotoAsync(address.AbsoluteUri);

    /// <summary>The whole page as a picture, kept where <c>CALGATEWAY_ARTEFACTS</c> says, else beside the tests.</summary>
    public async Task<string> ScreenshotAsync(string name)
    {
        var path = Path.Combine(Artefacts, name + ".png");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
        return path;
    }

    /// <summary>What axe finds that keeps people out: the serious and the critical, a line each.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        var found = await Page.RunAxe();
        return [.. from violation in found.Violations
                   where violation.Impact is "serious" or "critical"
                   from node in violation.Nodes
                   select $"{violation.Id}: {violation.Help} ({node.Html})"];
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
