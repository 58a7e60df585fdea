using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>
/// A real browser without a window: the one that is installed on the machine, driven by Playwright. One for the whole run, started by the first test that
/// opens a page.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]", // no page of ours or of others' asks beyond this machine
    ];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _running = new(StartAsync);

    private static string? Executable => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => new[] { Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser") }).FirstOrDefault(File.Exists);

    /// <summary>
    /// A page in a context of its own: without cookies, storage and cache of other tests. Skips the test where there is no browser; in CI it fails.
    /// </summary>
    public async Task<BrowserPage> OpenAsync(int width = 1600, int height = 1000, ColorScheme scheme = ColorScheme.Light)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipWhen(Executable is null, "chromium is not installed (apt-get install chromium).");

        var (_, browser) = await _running.Value;
        return await BrowserPage.OpenAsync(await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/London",
        }));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsValueCreated)
            return;

        var (driver, browser) = await _running.Value;
        await browser.DisposeAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(15_000); // the machine is busy with other tests
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable ?? throw new InvalidOperationException("CI has no chromium."),
            Args = Arguments,
        }));
    }
}
