using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A page, with the requests that it made and the errors in its console.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private static readonly string Artefacts =
        Environment.GetEnvironmentVariable("CALGATEWAY_ARTEFACTS") is { Length: > 0 } named ? named : Path.Combine(AppContext.BaseDirectory, "artefacts");

    /// <summary>Every rule runs; what passes is not described.</summary>
    private static readonly AxeRunOptions ViolationsAlone = new() { ResultTypes = [ResultType.Violations] };

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

    /// <summary>All requests of the page, including the one for itself.</summary>
    public IReadOnlyList<IRequest> Requests => [.. _requests];

    /// <summary>The errors in the console: uncaught exceptions, violations of the content security policy, failed requests.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    internal static async Task<BrowserPage> OpenAsync(IBrowserContext context) => new(context, await context.NewPageAsync());

    public Task GoToAsync(Uri address) => Page.GotoAsync(address.AbsoluteUri);

    /// <summary>Saves a picture of the whole page in the folder <c>CALGATEWAY_ARTEFACTS</c>, else beside the tests.</summary>
    public async Task<string> ScreenshotAsync(string name)
    {
        var path = Path.Combine(Artefacts, name + ".png");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
        return path;
    }

    /// <summary>The accessibility violations that axe finds, one a line: its rules for WCAG 2.1 AA and best practices, of every severity.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync()
    {
        var found = await Page.RunAxe(ViolationsAlone);
        return [.. from violation in found.Violations
                   from node in violation.Nodes
                   select $"{violation.Id}: {violation.Help} ({node.Html})"];
    }

    /// <summary>The visible words (runs of letters and digits) that are broken over two lines.</summary>
    public Task<string[]> BrokenWordsAsync() => Page.EvaluateAsync<string[]>("""
        () => {
          const found = [], range = document.createRange(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const lines = () => new Set([...range.getClientRects()].map(line => Math.round(line.top))).size;
          for (let text; (text = texts.nextNode());) {
            if (!text.parentElement.checkVisibility() || text.parentElement.closest('.unseen')) continue;
            range.selectNodeContents(text);
            if (lines() < 2) continue;
            for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
              range.setStart(text, word.index);
              range.setEnd(text, word.index + word[0].length);
              if (lines() > 1) found.push(`${word[0]} in ${text.data.trim()}`);
            }
          }
          return found;
        }
        """);

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
