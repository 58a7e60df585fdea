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

    /// <summary>What axe finds, a line each: all its rules of WCAG 2.1 AA and of best practice, however little it makes of a violation.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        var found = await Page.RunAxe();
        return [.. from violation in found.Violations
                   from node in violation.Nodes
                   select $"{violation.Id}: {violation.Help} ({node.Html})"];
    }

    /// <summary>The words, runs of letters and digits, that do not stand on one line. They are those that somebody sees.</summary>
    public Task<string[]> BrokenWordsAsync() => Page.EvaluateAsync<string[]>("""
        () => {
          const found = [], range = document.createRange(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let text; (text = texts.nextNode());) {
            if (!text.parentElement.checkVisibility() || text.parentElement.closest('.unseen')) continue;
            for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) found.push(`${word[0]} in ${text.data.trim()}`);
            }
          }
          return found;
        }
        """);

    /// <summary>How far the page goes beyond what is seen of it, sideways.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
